-- What callers say of answers, and of which part of which swap an answer was. A comment is kept only where the operator chose so.

CREATE TABLE feedback (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_us       INTEGER NOT NULL,
  request_id  TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  value       REAL    NOT NULL,
  tenant      TEXT    NOT NULL,
  route       TEXT    NOT NULL,
  model       TEXT    NOT NULL,
  answered_us INTEGER NOT NULL,
  comment     TEXT,
  UNIQUE (request_id, name)
) STRICT;

CREATE TABLE feedback_part (
  feedback_id INTEGER NOT NULL,
  candidate   TEXT    NOT NULL,
  segment     TEXT    NOT NULL,
  arm         TEXT    NOT NULL CHECK (arm IN ('CANDIDATE', 'INCUMBENT')),
  state       TEXT    NOT NULL,
  PRIMARY KEY (feedback_id, candidate, segment)
) STRICT, WITHOUT ROWID;

-- A judge's calls of a route today: few among many, and asked for at a day's first judgement.
CREATE INDEX attempt_beside ON attempt (role, route, started_us) WHERE role IN ('SHADOW', 'JUDGE');
