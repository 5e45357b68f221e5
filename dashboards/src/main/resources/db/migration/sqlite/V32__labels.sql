-- What the gateway learns of answers. Of a prompt only hashed features are kept, never its words, and those that nobody labelled go
-- after some days.

CREATE TABLE prompt_features (
  route    TEXT    NOT NULL,
  item     TEXT    NOT NULL,
  at_us    INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  segment  TEXT,
  features BLOB    NOT NULL,
  labelled INTEGER NOT NULL DEFAULT 0 CHECK (labelled IN (0, 1)),
  PRIMARY KEY (route, item)
) STRICT;

CREATE INDEX prompt_features_by_age ON prompt_features (route, labelled, at_us);

CREATE TABLE label (
  route   TEXT    NOT NULL,
  item    TEXT    NOT NULL,
  model   TEXT    NOT NULL,
  source  TEXT    NOT NULL CHECK (source IN ('EVAL', 'SHADOW', 'JUDGED', 'FEEDBACK')),
  success REAL    NOT NULL CHECK (success BETWEEN 0 AND 1),
  weight  REAL    NOT NULL CHECK (weight > 0),
  at_us   INTEGER NOT NULL,
  PRIMARY KEY (route, item, model, source)
) STRICT, WITHOUT ROWID;
