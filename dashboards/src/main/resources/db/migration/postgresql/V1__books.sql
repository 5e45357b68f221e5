-- The same books as in SQLite (see there what each table is for), as PostgreSQL keeps them: amounts are NUMERIC whole picos, and
-- what grows without end is partitioned by month. An attempt's id begins with its time (RFC 9562, version 7), so the months are
-- ranges of ids, and the id alone is the primary key. Text compares byte by byte, as in SQLite.

CREATE DOMAIN pico AS NUMERIC(38, 0);

CREATE TABLE attempt (
  attempt_id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  request_id             TEXT COLLATE "C" NOT NULL,
  attempt_no             INTEGER NOT NULL CHECK (attempt_no >= 1),
  role                   TEXT    NOT NULL,
  state                  TEXT    NOT NULL CHECK (state IN ('OPEN', 'SETTLED', 'ABORTED', 'FAILED', 'EXPIRED')),
  started_us             BIGINT  NOT NULL,
  deadline_us            BIGINT  NOT NULL,
  first_byte_us          BIGINT,
  ended_us               BIGINT,
  tenant                 TEXT    NOT NULL,
  tags                   TEXT    NOT NULL,
  route                  TEXT    NOT NULL,
  requested_model        TEXT    NOT NULL,
  model                  TEXT    NOT NULL,
  vendor                 TEXT    NOT NULL,
  served_model           TEXT,
  simulated              INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  currency               TEXT,
  reserved_pico          PICO,
  cost_pico              PICO,
  baseline_pico          PICO,
  price_status           TEXT,
  price_version          TEXT,
  baseline_price_version TEXT,
  usage_source           TEXT,
  estimated              INTEGER NOT NULL DEFAULT 0 CHECK (estimated IN (0, 1)),
  input_tokens           BIGINT  NOT NULL DEFAULT 0,
  cache_read_tokens      BIGINT  NOT NULL DEFAULT 0,
  output_tokens          BIGINT  NOT NULL DEFAULT 0,
  usage_raw              TEXT,
  http_status            INTEGER,
  finish_reason          TEXT,
  error_code             TEXT,
  replica                TEXT    NOT NULL DEFAULT 'local',
  requested_tier         TEXT,
  served_tier            TEXT,
  region                 TEXT,
  list_pico              PICO,
  contract_pico          PICO,
  reported_pico          PICO,
  reported_currency      TEXT,
  list_price_version     TEXT,
  cost_source            TEXT,
  cache_write_tokens     BIGINT  NOT NULL DEFAULT 0,
  reasoning_tokens       BIGINT  NOT NULL DEFAULT 0,
  inconsistent           INTEGER NOT NULL DEFAULT 0 CHECK (inconsistent IN (0, 1)),
  normaliser             INTEGER,
  CHECK (state = 'OPEN' OR (ended_us IS NOT NULL AND price_status IS NOT NULL AND usage_source IS NOT NULL))
) PARTITION BY RANGE (attempt_id);

CREATE INDEX attempt_by_start   ON attempt (started_us);
CREATE INDEX attempt_by_request ON attempt (request_id);
CREATE INDEX attempt_open       ON attempt (deadline_us) WHERE state = 'OPEN';
CREATE INDEX attempt_beside     ON attempt (role, route, started_us) WHERE role IN ('SHADOW', 'JUDGE');

CREATE TABLE charge_line (
  attempt_id      TEXT COLLATE "C" NOT NULL,
  line_no         INTEGER NOT NULL,
  bucket          TEXT    NOT NULL,
  quantity        TEXT    NOT NULL,
  unit_price      TEXT,
  per             TEXT,
  cost_pico       PICO,
  price_version   TEXT,
  list_unit_price TEXT,
  list_per        TEXT,
  list_pico       PICO,
  contract_pico   PICO,
  PRIMARY KEY (attempt_id, line_no)
) PARTITION BY RANGE (attempt_id);

CREATE TABLE baseline_line (
  attempt_id    TEXT COLLATE "C" NOT NULL,
  line_no       INTEGER NOT NULL,
  bucket        TEXT    NOT NULL,
  quantity      TEXT    NOT NULL,
  unit_price    TEXT,
  per           TEXT,
  cost_pico     PICO,
  price_version TEXT,
  PRIMARY KEY (attempt_id, line_no)
) PARTITION BY RANGE (attempt_id);

CREATE TABLE request (
  request_id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  received_us     BIGINT  NOT NULL,
  tenant          TEXT    NOT NULL,
  tags            TEXT    NOT NULL,
  route           TEXT    NOT NULL,
  requested_model TEXT    NOT NULL,
  requested_tier  TEXT,
  simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1))
) PARTITION BY RANGE (request_id);

CREATE INDEX request_by_time ON request (received_us);

CREATE TABLE decision (
  request_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  decided_us BIGINT NOT NULL,
  json       TEXT   NOT NULL
) PARTITION BY RANGE (request_id);

-- Makes the partitions of a month where they are missing; the ledger asks for this month's and the next one's at its start and
-- each hour. What has no month's partition lies in the default one, so that a call is never refused for want of a partition.
CREATE FUNCTION pareto_month(month DATE) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  parent TEXT;
  from_id TEXT := pareto_id(month);
  to_id TEXT := pareto_id((month + INTERVAL '1 month')::DATE);
  child TEXT;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('pareto-partitions'));
  FOREACH parent IN ARRAY ARRAY['attempt', 'charge_line', 'baseline_line', 'request', 'decision'] LOOP
    child := parent || '_' || to_char(month, 'YYYY_MM');
    IF to_regclass(child) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, from_id, to_id);
      EXCEPTION WHEN check_violation THEN
        -- Rows of that month lie in the default partition already: they stay there.
        RAISE NOTICE '% has rows of % in its default partition', parent, month;
      END;
    END IF;
  END LOOP;
END $$;

-- The least id of a moment: 48 bits of milliseconds in hexadecimal, as UUIDs are written.
CREATE FUNCTION pareto_id(day DATE) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4)
  FROM (SELECT lpad(to_hex((EXTRACT(EPOCH FROM day::TIMESTAMP) * 1000)::BIGINT), 12, '0') AS h) AS millis $$;

CREATE TABLE attempt_default       PARTITION OF attempt       DEFAULT;
CREATE TABLE charge_line_default   PARTITION OF charge_line   DEFAULT;
CREATE TABLE baseline_line_default PARTITION OF baseline_line DEFAULT;
CREATE TABLE request_default       PARTITION OF request       DEFAULT;
CREATE TABLE decision_default      PARTITION OF decision      DEFAULT;

CREATE TABLE adjustment (
  adjustment_id TEXT   NOT NULL PRIMARY KEY,
  booked_us     BIGINT NOT NULL,
  kind          TEXT   NOT NULL,
  concerns      TEXT   NOT NULL,
  attempt_id    TEXT,
  reverses      TEXT,
  invoice       TEXT,
  tenant        TEXT   NOT NULL,
  route         TEXT   NOT NULL,
  model         TEXT   NOT NULL,
  vendor        TEXT   NOT NULL,
  bucket        TEXT,
  quantity      TEXT,
  price_version TEXT,
  currency      TEXT   NOT NULL,
  amount_pico   PICO   NOT NULL,
  reason        TEXT   NOT NULL,
  entered_by    TEXT   NOT NULL,
  replica       TEXT   NOT NULL
);

CREATE INDEX adjustment_by_time    ON adjustment (booked_us);
CREATE INDEX adjustment_by_attempt ON adjustment (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE UNIQUE INDEX adjustment_reversed_once ON adjustment (reverses) WHERE reverses IS NOT NULL;

CREATE TABLE billing_month (
  month     TEXT   NOT NULL PRIMARY KEY,
  from_us   BIGINT NOT NULL,
  to_us     BIGINT NOT NULL,
  frozen_us BIGINT NOT NULL,
  frozen_by TEXT   NOT NULL,
  totals    TEXT   NOT NULL,
  replica   TEXT   NOT NULL
);

CREATE TABLE ledger_entry (
  replica TEXT    NOT NULL,
  day     TEXT    NOT NULL,
  seq     BIGINT  NOT NULL,
  kind    TEXT    NOT NULL,
  form    INTEGER NOT NULL,
  ref     TEXT COLLATE "C" NOT NULL,
  hash    BYTEA   NOT NULL,
  PRIMARY KEY (day, replica, seq)
);

CREATE TABLE ledger_day (
  replica  TEXT   NOT NULL,
  day      TEXT   NOT NULL,
  entries  BIGINT NOT NULL,
  previous BYTEA  NOT NULL,
  head     BYTEA  NOT NULL,
  PRIMARY KEY (replica, day)
);

CREATE TABLE unsealed (
  attempt_id TEXT COLLATE "C" NOT NULL PRIMARY KEY
);

CREATE TABLE rollup_hour (
  hour_us            BIGINT  NOT NULL,
  tenant             TEXT    NOT NULL,
  route              TEXT    NOT NULL,
  model              TEXT    NOT NULL,
  vendor             TEXT    NOT NULL,
  role               TEXT    NOT NULL,
  simulated          INTEGER NOT NULL,
  currency           TEXT    NOT NULL,
  replica            TEXT    NOT NULL DEFAULT 'local',
  attempts           BIGINT  NOT NULL,
  requests           BIGINT  NOT NULL,
  answered           BIGINT  NOT NULL,
  caller_left        BIGINT  NOT NULL,
  settled            BIGINT  NOT NULL,
  aborted            BIGINT  NOT NULL,
  failed             BIGINT  NOT NULL,
  expired            BIGINT  NOT NULL,
  refused            BIGINT  NOT NULL,
  unpriced           BIGINT  NOT NULL,
  estimated          BIGINT  NOT NULL,
  input_tokens       BIGINT  NOT NULL,
  cache_read_tokens  BIGINT  NOT NULL,
  cache_write_tokens BIGINT  NOT NULL,
  output_tokens      BIGINT  NOT NULL,
  reasoning_tokens   BIGINT  NOT NULL,
  cost_pico          PICO    NOT NULL,
  list_pico          PICO    NOT NULL,
  contract_pico      PICO    NOT NULL,
  estimated_pico     PICO    NOT NULL,
  wasted_pico        PICO    NOT NULL,
  reported_pico      PICO    NOT NULL,
  baseline_pico      PICO    NOT NULL,
  compared_pico      PICO    NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency, replica)
) WITH (fillfactor = 70);

CREATE TABLE rollup_latency (
  hour_us   BIGINT  NOT NULL,
  model     TEXT    NOT NULL,
  simulated INTEGER NOT NULL,
  bucket    INTEGER NOT NULL,
  replica   TEXT    NOT NULL DEFAULT 'local',
  attempts  BIGINT  NOT NULL,
  PRIMARY KEY (hour_us, model, simulated, bucket, replica)
) WITH (fillfactor = 70);

CREATE TABLE rollup_tag (
  hour_us         BIGINT  NOT NULL,
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
  attempts       BIGINT  NOT NULL,
  requests       BIGINT  NOT NULL,
  answered       BIGINT  NOT NULL,
  unpriced       BIGINT  NOT NULL,
  input_tokens   BIGINT  NOT NULL,
  output_tokens  BIGINT  NOT NULL,
  cost_pico      PICO    NOT NULL,
  list_pico      PICO    NOT NULL,
  estimated_pico PICO    NOT NULL,
  wasted_pico    PICO    NOT NULL,
  baseline_pico  PICO    NOT NULL,
  compared_pico  PICO    NOT NULL,
  PRIMARY KEY (hour_us, tag_key, tag_value, tenant, route, model, vendor, role, simulated, currency, replica)
) WITH (fillfactor = 70);

CREATE TABLE rollup_line (
  hour_us        BIGINT  NOT NULL,
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
  lines         BIGINT  NOT NULL,
  quantity      BIGINT  NOT NULL,
  quantity_nano BIGINT  NOT NULL,
  unpriced      BIGINT  NOT NULL,
  cost_pico     PICO    NOT NULL,
  list_pico     PICO    NOT NULL,
  contract_pico PICO    NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) WITH (fillfactor = 70);

-- What is booked stays as it is, whoever asks. A month's partition is dropped as a whole, when its time of keeping is over.
CREATE FUNCTION pareto_stays() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what is booked in % never changes; book an adjustment', TG_ARGV[0]; END $$;

CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt FOR EACH ROW WHEN (OLD.state <> 'OPEN')
  EXECUTE FUNCTION pareto_stays('attempt');
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt FOR EACH ROW EXECUTE FUNCTION pareto_stays('attempt');
CREATE TRIGGER charge_line_stays BEFORE UPDATE OR DELETE ON charge_line FOR EACH ROW
  EXECUTE FUNCTION pareto_stays('charge_line');
CREATE TRIGGER adjustment_stays BEFORE UPDATE OR DELETE ON adjustment FOR EACH ROW
  EXECUTE FUNCTION pareto_stays('adjustment');
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW
  EXECUTE FUNCTION pareto_stays('ledger_entry');
CREATE TRIGGER month_stays BEFORE UPDATE OR DELETE ON billing_month FOR EACH ROW
  EXECUTE FUNCTION pareto_stays('billing_month');

CREATE FUNCTION pareto_in_open_month() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  at BIGINT := CASE TG_ARGV[0] WHEN 'started' THEN (to_jsonb(NEW) ->> 'started_us')::BIGINT
                               ELSE (to_jsonb(NEW) ->> 'booked_us')::BIGINT END;
BEGIN
  IF EXISTS (SELECT 1 FROM billing_month m WHERE m.from_us <= at AND m.to_us > at) THEN
    RAISE EXCEPTION 'the month is closed; only adjustments of an open month can correct it';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER attempt_in_open_month BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION pareto_in_open_month('started');
CREATE TRIGGER adjustment_in_open_month BEFORE INSERT ON adjustment FOR EACH ROW
  EXECUTE FUNCTION pareto_in_open_month('booked');
