-- What people made of anomalies; the newest mark of an incident holds, and rows are only ever added.
CREATE TABLE anomaly_mark (
  seq      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  from_us  INTEGER NOT NULL,
  scope    TEXT NOT NULL,
  value    TEXT NOT NULL,
  state    TEXT NOT NULL,
  until_us INTEGER,
  at_us    INTEGER NOT NULL,
  by_whom  TEXT NOT NULL,
  why      TEXT NOT NULL
) STRICT;
CREATE INDEX anomaly_mark_from ON anomaly_mark (from_us);
