-- How the guards of a swap went over time. json: guard -> ln of the e-value against the candidate.

CREATE TABLE swap_trace (
  id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_us     INTEGER NOT NULL,
  route     TEXT    NOT NULL,
  candidate TEXT    NOT NULL,
  segment   TEXT    NOT NULL,
  state     TEXT    NOT NULL,
  share     REAL    NOT NULL,
  seen      INTEGER NOT NULL,
  json      TEXT    NOT NULL
) STRICT;

CREATE INDEX swap_trace_by_swap ON swap_trace (route, candidate, segment, at_us);
