-- A swap with all that its next move depends on, and every move that it made. The states kept before were derived from
-- verdicts and are derived again.

DROP TABLE swap_state;

CREATE TABLE swap (
  route      TEXT    NOT NULL,
  candidate  TEXT    NOT NULL,
  segment    TEXT    NOT NULL,
  incumbent  TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  share      REAL    NOT NULL,
  since_us   INTEGER NOT NULL,
  verdict_id TEXT,
  reason     TEXT    NOT NULL,
  json       TEXT    NOT NULL,
  PRIMARY KEY (route, candidate, segment)
) STRICT;

CREATE TABLE swap_move (
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_us      INTEGER NOT NULL,
  route      TEXT    NOT NULL,
  candidate  TEXT    NOT NULL,
  segment    TEXT    NOT NULL,
  from_state TEXT    NOT NULL,
  to_state   TEXT    NOT NULL,
  share      REAL    NOT NULL,
  actor      TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  verdict_id TEXT,
  guard      TEXT
) STRICT;

CREATE INDEX swap_move_by_route ON swap_move (route, id);
