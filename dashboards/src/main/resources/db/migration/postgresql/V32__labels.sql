CREATE TABLE prompt_features (
  route    TEXT    NOT NULL,
  item     TEXT    NOT NULL,
  at_us    BIGINT  NOT NULL,
  version  INTEGER NOT NULL,
  segment  TEXT,
  features BYTEA   NOT NULL,
  labelled INTEGER NOT NULL DEFAULT 0 CHECK (labelled IN (0, 1)),
  PRIMARY KEY (route, item)
);

CREATE INDEX prompt_features_by_age ON prompt_features (route, labelled, at_us);

CREATE TABLE label (
  route   TEXT   NOT NULL,
  item    TEXT   NOT NULL,
  model   TEXT   NOT NULL,
  source  TEXT   NOT NULL CHECK (source IN ('EVAL', 'SHADOW', 'JUDGED', 'FEEDBACK')),
  success DOUBLE PRECISION NOT NULL CHECK (success BETWEEN 0 AND 1),
  weight  DOUBLE PRECISION NOT NULL CHECK (weight > 0),
  at_us   BIGINT NOT NULL,
  PRIMARY KEY (route, item, model, source)
);
