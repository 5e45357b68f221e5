-- Reports that are sent by themselves: any report of the admin port, to a webhook.
CREATE TABLE report_schedule (
  id         TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  report     TEXT NOT NULL,
  cadence    TEXT NOT NULL,
  hour       INTEGER NOT NULL,
  webhook    TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  next_us    INTEGER,
  tries      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each try, and what came of it.
CREATE TABLE report_delivery (
  schedule_id TEXT NOT NULL,
  tried_us    INTEGER NOT NULL,
  sent        INTEGER NOT NULL CHECK (sent IN (0, 1)),
  detail      TEXT NOT NULL,
  PRIMARY KEY (schedule_id, tried_us)
) STRICT, WITHOUT ROWID;
