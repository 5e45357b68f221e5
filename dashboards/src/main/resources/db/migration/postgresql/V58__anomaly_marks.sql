-- What people made of anomalies; the newest mark of an incident holds, and rows are only ever added.
CREATE TABLE anomaly_mark (
  seq      BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_us  BIGINT NOT NULL,
  scope    TEXT NOT NULL,
  value    TEXT NOT NULL,
  state    TEXT NOT NULL,
  until_us BIGINT,
  at_us    BIGINT NOT NULL,
  by_whom  TEXT NOT NULL,
  why      TEXT NOT NULL
);
CREATE INDEX anomaly_mark_from ON anomaly_mark (from_us);
