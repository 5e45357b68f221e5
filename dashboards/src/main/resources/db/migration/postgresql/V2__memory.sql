-- What the rest of the gateway must remember, as in SQLite.

-- SQLite's function, of text that holds JSON; null where there is nothing at that path.
CREATE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_path_query_first(document::JSONB, path::JSONPATH) #>> '{}' $$;

-- SQLite's sums of truths, each true one as 1.
CREATE FUNCTION pareto_sum(so_far BIGINT, one BOOLEAN) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN one IS NULL THEN so_far ELSE COALESCE(so_far, 0) + one::INTEGER END $$;
CREATE AGGREGATE sum(BOOLEAN) (SFUNC = pareto_sum, STYPE = BIGINT);
CREATE FUNCTION pareto_max(so_far INTEGER, one BOOLEAN) RETURNS INTEGER LANGUAGE sql IMMUTABLE AS $$
  SELECT GREATEST(so_far, one::INTEGER) $$;
CREATE AGGREGATE max(BOOLEAN) (SFUNC = pareto_max, STYPE = INTEGER);

CREATE TABLE verdict (
  id         TEXT    NOT NULL PRIMARY KEY,
  route      TEXT    NOT NULL,
  candidate  TEXT    NOT NULL,
  incumbent  TEXT    NOT NULL,
  created_us BIGINT  NOT NULL,
  expires_us BIGINT  NOT NULL,
  simulated  INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  json       TEXT    NOT NULL
);

CREATE INDEX verdict_by_route ON verdict (route, created_us);

CREATE TABLE api_key (
  id           TEXT   NOT NULL PRIMARY KEY,
  name         TEXT   NOT NULL,
  prefix       TEXT   NOT NULL,
  sha256       TEXT   NOT NULL UNIQUE,
  tenant       TEXT,
  tags         TEXT   NOT NULL,
  created_us   BIGINT NOT NULL,
  revoked_us   BIGINT,
  last_used_us BIGINT
);

CREATE TABLE swap (
  route      TEXT   NOT NULL,
  candidate  TEXT   NOT NULL,
  segment    TEXT   NOT NULL,
  incumbent  TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  share      DOUBLE PRECISION NOT NULL,
  since_us   BIGINT NOT NULL,
  verdict_id TEXT,
  reason     TEXT   NOT NULL,
  json       TEXT   NOT NULL,
  PRIMARY KEY (route, candidate, segment)
);

CREATE TABLE swap_move (
  id         BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us      BIGINT NOT NULL,
  route      TEXT   NOT NULL,
  candidate  TEXT   NOT NULL,
  segment    TEXT   NOT NULL,
  from_state TEXT   NOT NULL,
  to_state   TEXT   NOT NULL,
  share      DOUBLE PRECISION NOT NULL,
  actor      TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  verdict_id TEXT,
  guard      TEXT
);

CREATE INDEX swap_move_by_route ON swap_move (route, id);

CREATE TABLE swap_trace (
  id        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us     BIGINT NOT NULL,
  route     TEXT   NOT NULL,
  candidate TEXT   NOT NULL,
  segment   TEXT   NOT NULL,
  state     TEXT   NOT NULL,
  share     DOUBLE PRECISION NOT NULL,
  seen      BIGINT NOT NULL,
  json      TEXT   NOT NULL
);

CREATE INDEX swap_trace_by_swap ON swap_trace (route, candidate, segment, at_us);

CREATE TABLE feedback (
  id          BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us       BIGINT NOT NULL,
  request_id  TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  value       DOUBLE PRECISION NOT NULL,
  tenant      TEXT   NOT NULL,
  route       TEXT   NOT NULL,
  model       TEXT   NOT NULL,
  answered_us BIGINT NOT NULL,
  comment     TEXT,
  UNIQUE (request_id, name)
);

CREATE TABLE feedback_part (
  feedback_id BIGINT NOT NULL,
  candidate   TEXT   NOT NULL,
  segment     TEXT   NOT NULL,
  arm         TEXT   NOT NULL CHECK (arm IN ('CANDIDATE', 'INCUMBENT')),
  state       TEXT   NOT NULL,
  PRIMARY KEY (feedback_id, candidate, segment)
);

CREATE TABLE experiment (
  name     TEXT    NOT NULL PRIMARY KEY,
  state    TEXT    NOT NULL,
  run      INTEGER NOT NULL,
  since_us BIGINT  NOT NULL,
  json     TEXT    NOT NULL
);

CREATE TABLE experiment_move (
  id         BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us      BIGINT  NOT NULL,
  name       TEXT    NOT NULL,
  run        INTEGER NOT NULL,
  from_state TEXT    NOT NULL,
  to_state   TEXT    NOT NULL,
  actor      TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  decision   TEXT
);

CREATE INDEX experiment_move_by_name ON experiment_move (name, id);

CREATE TABLE exposure (
  request_id TEXT    NOT NULL PRIMARY KEY,
  experiment TEXT    NOT NULL,
  run        INTEGER NOT NULL,
  arm        TEXT    NOT NULL,
  before     INTEGER NOT NULL CHECK (before IN (0, 1)),
  unit       BIGINT  NOT NULL,
  ask        BIGINT  NOT NULL,
  at_us      BIGINT  NOT NULL,
  delivered  INTEGER NOT NULL CHECK (delivered IN (0, 1)),
  down       INTEGER NOT NULL CHECK (down IN (0, 1)),
  malformed  INTEGER CHECK (malformed IN (0, 1))
);

CREATE INDEX exposure_by_experiment ON exposure (experiment, run, at_us);

CREATE TABLE experiment_outcome (
  request_id TEXT   NOT NULL,
  metric     TEXT   NOT NULL,
  value      DOUBLE PRECISION NOT NULL,
  at_us      BIGINT NOT NULL,
  PRIMARY KEY (request_id, metric)
);

CREATE TABLE experiment_look (
  name  TEXT    NOT NULL,
  run   INTEGER NOT NULL,
  at_us BIGINT  NOT NULL,
  json  TEXT    NOT NULL,
  PRIMARY KEY (name, run, at_us)
);
