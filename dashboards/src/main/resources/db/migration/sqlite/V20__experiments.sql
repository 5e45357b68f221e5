-- Experiments: where each stands, every move that it made, who took part, what became known later, and what each look found.
-- A request's part is written with its first attempt, before a byte goes upstream; what it cost and took is in its attempts.

CREATE TABLE experiment (
  name     TEXT    NOT NULL PRIMARY KEY,
  state    TEXT    NOT NULL,
  run      INTEGER NOT NULL,
  since_us INTEGER NOT NULL,
  json     TEXT    NOT NULL
) STRICT;

CREATE TABLE experiment_move (
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_us      INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  run        INTEGER NOT NULL,
  from_state TEXT    NOT NULL,
  to_state   TEXT    NOT NULL,
  actor      TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  decision   TEXT
) STRICT;

CREATE INDEX experiment_move_by_name ON experiment_move (name, id);

-- Units and questions are hashes; nothing here can be read back.
CREATE TABLE exposure (
  request_id TEXT    NOT NULL PRIMARY KEY,
  experiment TEXT    NOT NULL,
  run        INTEGER NOT NULL,
  arm        TEXT    NOT NULL,
  before     INTEGER NOT NULL CHECK (before IN (0, 1)),
  unit       INTEGER NOT NULL,
  ask        INTEGER NOT NULL,
  at_us      INTEGER NOT NULL,
  delivered  INTEGER NOT NULL CHECK (delivered IN (0, 1)),
  down       INTEGER NOT NULL CHECK (down IN (0, 1)),
  malformed  INTEGER CHECK (malformed IN (0, 1))
) STRICT;

CREATE INDEX exposure_by_experiment ON exposure (experiment, run, at_us);

CREATE TABLE experiment_outcome (
  request_id TEXT    NOT NULL,
  metric     TEXT    NOT NULL,
  value      REAL    NOT NULL,
  at_us      INTEGER NOT NULL,
  PRIMARY KEY (request_id, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_look (
  name  TEXT    NOT NULL,
  run   INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  json  TEXT    NOT NULL,
  PRIMARY KEY (name, run, at_us)
) STRICT, WITHOUT ROWID;
