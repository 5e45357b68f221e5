-- The ledger. Amounts are whole pico-units of their currency (10^-12), so that sums are exact; a single amount is bounded
-- at 9.2 million. Times are microseconds since 1970 in UTC. NULL means unknown, never zero. Nothing here holds the content
-- of a prompt or an answer.

CREATE TABLE attempt (
  attempt_id             TEXT    NOT NULL PRIMARY KEY,
  request_id             TEXT    NOT NULL,
  attempt_no             INTEGER NOT NULL CHECK (attempt_no >= 1),
  role                   TEXT    NOT NULL,
  state                  TEXT    NOT NULL CHECK (state IN ('OPEN', 'SETTLED', 'ABORTED', 'FAILED', 'EXPIRED')),
  started_us             INTEGER NOT NULL,
  deadline_us            INTEGER NOT NULL,
  first_byte_us          INTEGER,
  ended_us               INTEGER,
  tenant                 TEXT    NOT NULL,
  tags                   TEXT    NOT NULL,
  route                  TEXT    NOT NULL,
  requested_model        TEXT    NOT NULL,
  model                  TEXT    NOT NULL,
  vendor                 TEXT    NOT NULL,
  served_model           TEXT,
  simulated              INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  currency               TEXT,
  reserved_pico          INTEGER,
  cost_pico              INTEGER,
  baseline_pico          INTEGER,
  price_status           TEXT,
  price_version          TEXT,
  baseline_price_version TEXT,
  usage_source           TEXT,
  estimated              INTEGER NOT NULL DEFAULT 0 CHECK (estimated IN (0, 1)),
  input_tokens           INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens      INTEGER NOT NULL DEFAULT 0,
  output_tokens          INTEGER NOT NULL DEFAULT 0,
  usage_raw              TEXT,
  http_status            INTEGER,
  finish_reason          TEXT,
  error_code             TEXT,
  CHECK (state = 'OPEN' OR (ended_us IS NOT NULL AND price_status IS NOT NULL AND usage_source IS NOT NULL))
) STRICT;

CREATE INDEX attempt_by_start   ON attempt (started_us);
CREATE INDEX attempt_by_request ON attempt (request_id);
CREATE INDEX attempt_open       ON attempt (deadline_us) WHERE state = 'OPEN';

-- One row a bucket. Quantities and unit prices are exact decimal text, for they are shown and checked, never summed here.
CREATE TABLE charge_line (
  attempt_id TEXT    NOT NULL,
  line_no    INTEGER NOT NULL,
  bucket     TEXT    NOT NULL,
  quantity   TEXT    NOT NULL,
  unit_price TEXT,
  per        TEXT,
  cost_pico  INTEGER,
  PRIMARY KEY (attempt_id, line_no)
) STRICT, WITHOUT ROWID;

-- Why a request went where it went: the decision as the policy engine wrote it.
CREATE TABLE decision (
  request_id TEXT    NOT NULL PRIMARY KEY,
  decided_us INTEGER NOT NULL,
  json       TEXT    NOT NULL
) STRICT;

-- Sums by hour of the attempt's start, written in the transaction that settles the attempt; screens read only these.
CREATE TABLE rollup_hour (
  hour_us           INTEGER NOT NULL,
  tenant            TEXT    NOT NULL,
  route             TEXT    NOT NULL,
  model             TEXT    NOT NULL,
  vendor            TEXT    NOT NULL,
  role              TEXT    NOT NULL,
  simulated         INTEGER NOT NULL,
  currency          TEXT    NOT NULL,
  attempts          INTEGER NOT NULL,
  requests          INTEGER NOT NULL,
  answered          INTEGER NOT NULL,
  caller_left       INTEGER NOT NULL,
  settled           INTEGER NOT NULL,
  aborted           INTEGER NOT NULL,
  failed            INTEGER NOT NULL,
  expired           INTEGER NOT NULL,
  unpriced          INTEGER NOT NULL,
  estimated         INTEGER NOT NULL,
  input_tokens      INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens     INTEGER NOT NULL,
  cost_pico         INTEGER NOT NULL,
  estimated_pico    INTEGER NOT NULL,
  baseline_pico     INTEGER NOT NULL,
  compared_pico     INTEGER NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency)
) STRICT, WITHOUT ROWID;

-- Additive latency histogram: logarithmic buckets of 5 %, so that quantiles of any period come from sums.
CREATE TABLE rollup_latency (
  hour_us   INTEGER NOT NULL,
  model     TEXT    NOT NULL,
  simulated INTEGER NOT NULL,
  bucket    INTEGER NOT NULL,
  attempts  INTEGER NOT NULL,
  PRIMARY KEY (hour_us, model, simulated, bucket)
) STRICT, WITHOUT ROWID;
