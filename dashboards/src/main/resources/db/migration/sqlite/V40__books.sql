-- The books as finance keeps them: what each call costs by list, by contract and in the vendor's own words; sums by tag and by
-- charge line; corrections as rows of their own; months that close; and a chain of hashes over everything booked.

-- What a caller sent, once, however many calls it took.
CREATE TABLE request (
  request_id      TEXT    NOT NULL PRIMARY KEY,
  received_us     INTEGER NOT NULL,
  tenant          TEXT    NOT NULL,
  tags            TEXT    NOT NULL,
  route           TEXT    NOT NULL,
  requested_model TEXT    NOT NULL,
  requested_tier  TEXT,
  simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1))
) STRICT;

CREATE INDEX request_by_time ON request (received_us);

INSERT INTO request (request_id, received_us, tenant, tags, route, requested_model, simulated)
SELECT request_id, MIN(started_us), tenant, tags, route, requested_model, simulated FROM attempt
GROUP BY request_id;

-- cost_pico is what will be billed: the vendor's own word where it gave one, else the contracted cost. The contracted cost is the
-- list cost where nothing was agreed. replica tells which gateway wrote the row.
ALTER TABLE attempt ADD COLUMN replica            TEXT    NOT NULL DEFAULT 'local';
ALTER TABLE attempt ADD COLUMN requested_tier     TEXT;
ALTER TABLE attempt ADD COLUMN served_tier        TEXT;
ALTER TABLE attempt ADD COLUMN region             TEXT;
ALTER TABLE attempt ADD COLUMN list_pico          INTEGER;
ALTER TABLE attempt ADD COLUMN contract_pico      INTEGER;
ALTER TABLE attempt ADD COLUMN reported_pico      INTEGER;
ALTER TABLE attempt ADD COLUMN reported_currency  TEXT;
ALTER TABLE attempt ADD COLUMN list_price_version TEXT;
ALTER TABLE attempt ADD COLUMN cost_source        TEXT;
ALTER TABLE attempt ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN reasoning_tokens   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN inconsistent       INTEGER NOT NULL DEFAULT 0 CHECK (inconsistent IN (0, 1));
ALTER TABLE attempt ADD COLUMN normaliser         INTEGER;

-- What was booked before knew one cost.
UPDATE attempt SET list_pico = cost_pico, contract_pico = cost_pico, list_price_version = price_version,
  cost_source = CASE WHEN cost_pico IS NULL THEN 'unpriced' WHEN state = 'EXPIRED' THEN 'reservation'
    WHEN cost_pico = 0 AND price_version IS NULL THEN 'nothing' ELSE 'list' END
WHERE state <> 'OPEN';

-- A line's cost_pico is its part of what will be billed. price_version names the price that was used; a line without one (a
-- reservation, a vendor's own word) says so by its bucket.
ALTER TABLE charge_line ADD COLUMN price_version      TEXT;
ALTER TABLE charge_line ADD COLUMN list_unit_price    TEXT;
ALTER TABLE charge_line ADD COLUMN list_per           TEXT;
ALTER TABLE charge_line ADD COLUMN list_pico          INTEGER;
ALTER TABLE charge_line ADD COLUMN contract_pico      INTEGER;

UPDATE charge_line SET list_unit_price = unit_price, list_per = per, list_pico = cost_pico, contract_pico = cost_pico,
  price_version = (SELECT price_version FROM attempt a WHERE a.attempt_id = charge_line.attempt_id);

-- What the baseline would have charged, line by line, where it is another model than the one that served.
CREATE TABLE baseline_line (
  attempt_id    TEXT    NOT NULL,
  line_no       INTEGER NOT NULL,
  bucket        TEXT    NOT NULL,
  quantity      TEXT    NOT NULL,
  unit_price    TEXT,
  per           TEXT,
  cost_pico     INTEGER,
  price_version TEXT,
  PRIMARY KEY (attempt_id, line_no)
) STRICT, WITHOUT ROWID;

-- Everything that is booked later or beside an attempt: credits, true-ups, prices found late, idle machines. Signed, append-only.
CREATE TABLE adjustment (
  adjustment_id TEXT    NOT NULL PRIMARY KEY,
  booked_us     INTEGER NOT NULL,
  kind          TEXT    NOT NULL,
  concerns      TEXT    NOT NULL,
  attempt_id    TEXT,
  reverses      TEXT,
  invoice       TEXT,
  tenant        TEXT    NOT NULL,
  route         TEXT    NOT NULL,
  model         TEXT    NOT NULL,
  vendor        TEXT    NOT NULL,
  bucket        TEXT,
  quantity      TEXT,
  price_version TEXT,
  currency      TEXT    NOT NULL,
  amount_pico   INTEGER NOT NULL,
  reason        TEXT    NOT NULL,
  entered_by    TEXT    NOT NULL,
  replica       TEXT    NOT NULL
) STRICT;

CREATE INDEX adjustment_by_time    ON adjustment (booked_us);
CREATE INDEX adjustment_by_attempt ON adjustment (attempt_id) WHERE attempt_id IS NOT NULL;
-- Nothing is taken back twice.
CREATE UNIQUE INDEX adjustment_reversed_once ON adjustment (reverses) WHERE reverses IS NOT NULL;

-- A month that is closed takes no more rows; what is found out later is an adjustment of an open one.
CREATE TABLE billing_month (
  month       TEXT    NOT NULL PRIMARY KEY,
  from_us     INTEGER NOT NULL,
  to_us       INTEGER NOT NULL,
  frozen_us   INTEGER NOT NULL,
  frozen_by   TEXT    NOT NULL,
  totals      TEXT    NOT NULL,
  replica     TEXT    NOT NULL
) STRICT;

-- One entry for everything booked, in the order of booking, each with a hash over what was booked and the hash before it. A day
-- is the UTC day of booking; its first entry follows the last one of the day before. A replica has a chain of its own.
CREATE TABLE ledger_entry (
  replica TEXT    NOT NULL,
  day     TEXT    NOT NULL,
  seq     INTEGER NOT NULL,
  kind    TEXT    NOT NULL,
  form    INTEGER NOT NULL,
  ref     TEXT    NOT NULL,
  hash    BLOB    NOT NULL,
  PRIMARY KEY (replica, day, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_day (
  replica  TEXT    NOT NULL,
  day      TEXT    NOT NULL,
  entries  INTEGER NOT NULL,
  previous BLOB    NOT NULL,
  head     BLOB    NOT NULL,
  PRIMARY KEY (replica, day)
) STRICT, WITHOUT ROWID;

-- Rows that were closed before there was a chain; the ledger adds them to it at its next start.
CREATE TABLE unsealed (
  attempt_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO unsealed SELECT attempt_id FROM attempt WHERE state <> 'OPEN';

-- The hourly sums, each replica's by itself so that none waits for another, with more measures. wasted_pico is the cost of calls
-- that brought no whole answer.
CREATE TABLE rollup_hour_new (
  hour_us            INTEGER NOT NULL,
  tenant             TEXT    NOT NULL,
  route              TEXT    NOT NULL,
  model              TEXT    NOT NULL,
  vendor             TEXT    NOT NULL,
  role               TEXT    NOT NULL,
  simulated          INTEGER NOT NULL,
  currency           TEXT    NOT NULL,
  replica            TEXT    NOT NULL DEFAULT 'local',
  attempts           INTEGER NOT NULL,
  requests           INTEGER NOT NULL,
  answered           INTEGER NOT NULL,
  caller_left        INTEGER NOT NULL,
  settled            INTEGER NOT NULL,
  aborted            INTEGER NOT NULL,
  failed             INTEGER NOT NULL,
  expired            INTEGER NOT NULL,
  refused            INTEGER NOT NULL,
  unpriced           INTEGER NOT NULL,
  estimated          INTEGER NOT NULL,
  input_tokens       INTEGER NOT NULL,
  cache_read_tokens  INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  output_tokens      INTEGER NOT NULL,
  reasoning_tokens   INTEGER NOT NULL,
  cost_pico          INTEGER NOT NULL,
  list_pico          INTEGER NOT NULL,
  contract_pico      INTEGER NOT NULL,
  estimated_pico     INTEGER NOT NULL,
  wasted_pico        INTEGER NOT NULL,
  reported_pico      INTEGER NOT NULL,
  baseline_pico      INTEGER NOT NULL,
  compared_pico      INTEGER NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_hour_new (hour_us, tenant, route, model, vendor, role, simulated, currency, attempts, requests, answered,
  caller_left, settled, aborted, failed, expired, refused, unpriced, estimated, input_tokens, cache_read_tokens,
  cache_write_tokens, output_tokens, reasoning_tokens, cost_pico, list_pico, contract_pico, estimated_pico, wasted_pico,
  reported_pico, baseline_pico, compared_pico)
SELECT hour_us, tenant, route, model, vendor, role, simulated, currency, attempts, requests, answered,
  caller_left, settled, aborted, failed, expired, refused, unpriced, estimated, input_tokens, cache_read_tokens,
  0, output_tokens, 0, cost_pico, cost_pico, cost_pico, estimated_pico,
  CASE WHEN settled = attempts THEN 0 ELSE (
    SELECT COALESCE(SUM(a.cost_pico), 0) FROM attempt a
    WHERE a.started_us >= r.hour_us AND a.started_us < r.hour_us + 3600000000 AND a.state IN ('ABORTED', 'FAILED', 'EXPIRED')
      AND a.tenant = r.tenant AND a.route = r.route AND a.model = r.model AND a.vendor = r.vendor AND a.role = r.role
      AND a.simulated = r.simulated AND COALESCE(a.currency, '') = r.currency) END,
  0, baseline_pico, compared_pico
FROM rollup_hour r;

DROP TABLE rollup_hour;
ALTER TABLE rollup_hour_new RENAME TO rollup_hour;

CREATE TABLE rollup_latency_new (
  hour_us   INTEGER NOT NULL,
  model     TEXT    NOT NULL,
  simulated INTEGER NOT NULL,
  bucket    INTEGER NOT NULL,
  replica   TEXT    NOT NULL DEFAULT 'local',
  attempts  INTEGER NOT NULL,
  PRIMARY KEY (hour_us, model, simulated, bucket, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_latency_new (hour_us, model, simulated, bucket, attempts)
SELECT hour_us, model, simulated, bucket, attempts FROM rollup_latency;

DROP TABLE rollup_latency;
ALTER TABLE rollup_latency_new RENAME TO rollup_latency;

-- Sums by hour and tag: an attempt with three tags is in three of them, so only those of one tag_key add up.
CREATE TABLE rollup_tag (
  hour_us         INTEGER NOT NULL,
  tag_key        TEXT    NOT NULL,
  tag_value      TEXT    NOT NULL,
  tenant         TEXT    NOT NULL,
  route          TEXT    NOT NULL,
  model          TEXT    NOT NULL,
  vendor         TEXT    NOT NULL,
  role           TEXT    NOT NULL,
  simulated      INTEGER NOT NULL,
  currency       TEXT    NOT NULL,
  replica        TEXT    NOT NULL,
  attempts       INTEGER NOT NULL,
  requests       INTEGER NOT NULL,
  answered       INTEGER NOT NULL,
  unpriced       INTEGER NOT NULL,
  input_tokens   INTEGER NOT NULL,
  output_tokens  INTEGER NOT NULL,
  cost_pico      INTEGER NOT NULL,
  list_pico      INTEGER NOT NULL,
  estimated_pico INTEGER NOT NULL,
  wasted_pico    INTEGER NOT NULL,
  baseline_pico  INTEGER NOT NULL,
  compared_pico  INTEGER NOT NULL,
  PRIMARY KEY (hour_us, tag_key, tag_value, tenant, route, model, vendor, role, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_tag
SELECT (a.started_us / 3600000000) * 3600000000, t.key, t.value, a.tenant, a.route, a.model, a.vendor, a.role, a.simulated,
  COALESCE(a.currency, ''), 'local', COUNT(*), SUM(a.attempt_no = 1),
  SUM(a.state = 'SETTLED' AND a.role IN ('PRIMARY', 'RETRY', 'FALLBACK', 'CACHE_HIT', 'CASCADE', 'ESCALATION')), SUM(a.cost_pico IS NULL),
  SUM(a.input_tokens), SUM(a.output_tokens), SUM(COALESCE(a.cost_pico, 0)), SUM(COALESCE(a.list_pico, 0)),
  SUM(CASE WHEN a.estimated = 1 THEN COALESCE(a.cost_pico, 0) ELSE 0 END),
  SUM(CASE WHEN a.state <> 'SETTLED' THEN COALESCE(a.cost_pico, 0) ELSE 0 END), SUM(COALESCE(a.baseline_pico, 0)),
  SUM(CASE WHEN a.baseline_pico IS NULL THEN 0 ELSE COALESCE(a.cost_pico, 0) END)
FROM attempt a, json_each(a.tags) t WHERE a.state <> 'OPEN'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;

-- Sums by hour and charge line, for what vendors bill by. A quantity is quantity + quantity_nano / 10^9.
CREATE TABLE rollup_line (
  hour_us        INTEGER NOT NULL,
  tenant        TEXT    NOT NULL,
  route         TEXT    NOT NULL,
  model         TEXT    NOT NULL,
  vendor        TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  simulated     INTEGER NOT NULL,
  currency      TEXT    NOT NULL,
  bucket        TEXT    NOT NULL,
  price_version TEXT    NOT NULL,
  unit_price    TEXT    NOT NULL,
  per           TEXT    NOT NULL,
  replica       TEXT    NOT NULL,
  lines         INTEGER NOT NULL,
  quantity      INTEGER NOT NULL,
  quantity_nano INTEGER NOT NULL,
  unpriced      INTEGER NOT NULL,
  cost_pico     INTEGER NOT NULL,
  list_pico     INTEGER NOT NULL,
  contract_pico INTEGER NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_line
SELECT (a.started_us / 3600000000) * 3600000000, a.tenant, a.route, a.model, a.vendor, a.role, a.simulated,
  COALESCE(a.currency, ''), l.bucket, COALESCE(l.price_version, ''), COALESCE(l.unit_price, ''), COALESCE(l.per, ''), 'local',
  COUNT(*), SUM(CAST(l.quantity AS INTEGER)),
  SUM(CASE WHEN INSTR(l.quantity, '.') = 0 THEN 0
      ELSE CAST(SUBSTR(SUBSTR(l.quantity, INSTR(l.quantity, '.') + 1) || '000000000', 1, 9) AS INTEGER) END),
  SUM(l.cost_pico IS NULL), SUM(COALESCE(l.cost_pico, 0)), SUM(COALESCE(l.list_pico, 0)), SUM(COALESCE(l.contract_pico, 0))
FROM charge_line l JOIN attempt a ON a.attempt_id = l.attempt_id WHERE a.state <> 'OPEN'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;

-- What is booked stays as it is, whoever asks.
CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt WHEN OLD.state <> 'OPEN'
BEGIN SELECT RAISE(ABORT, 'an attempt that is closed never changes; book an adjustment'); END;
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt
BEGIN SELECT RAISE(ABORT, 'attempts are never deleted; book an adjustment'); END;
CREATE TRIGGER charge_line_stays BEFORE UPDATE ON charge_line
BEGIN SELECT RAISE(ABORT, 'charge lines never change; book an adjustment'); END;
CREATE TRIGGER charge_line_is_kept BEFORE DELETE ON charge_line
BEGIN SELECT RAISE(ABORT, 'charge lines are never deleted; book an adjustment'); END;
CREATE TRIGGER adjustment_stays BEFORE UPDATE ON adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments never change; book another one'); END;
CREATE TRIGGER adjustment_is_kept BEFORE DELETE ON adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments are never deleted; book another one'); END;
CREATE TRIGGER entry_stays BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the chain never changes'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the chain never changes'); END;
CREATE TRIGGER month_stays BEFORE UPDATE ON billing_month
BEGIN SELECT RAISE(ABORT, 'a closed month stays closed'); END;
CREATE TRIGGER month_is_kept BEFORE DELETE ON billing_month
BEGIN SELECT RAISE(ABORT, 'a closed month stays closed'); END;

CREATE TRIGGER attempt_in_open_month BEFORE INSERT ON attempt
WHEN EXISTS (SELECT 1 FROM billing_month m WHERE m.from_us <= NEW.started_us AND m.to_us > NEW.started_us)
BEGIN SELECT RAISE(ABORT, 'the month is closed; only adjustments of an open month can correct it'); END;
CREATE TRIGGER adjustment_in_open_month BEFORE INSERT ON adjustment
WHEN EXISTS (SELECT 1 FROM billing_month m WHERE m.from_us <= NEW.booked_us AND m.to_us > NEW.booked_us)
BEGIN SELECT RAISE(ABORT, 'the month is closed; only adjustments of an open month can correct it'); END;
