-- The same sums by whole UTC day, written beside the hourly ones, for questions about more than two weeks: a quarter is then read
-- from a twentieth of the rows. A row's hour_us is the first hour of its day, so that one query reads either; an amount of a million
-- and more keeps its own hour, so that a day's sum stays within 64 bits.

CREATE TABLE rollup_day (
  hour_us            INTEGER NOT NULL,
  tenant             TEXT NOT NULL,
  route              TEXT NOT NULL,
  model              TEXT NOT NULL,
  vendor             TEXT NOT NULL,
  role               TEXT NOT NULL,
  simulated          INTEGER NOT NULL,
  currency           TEXT NOT NULL,
  replica            TEXT NOT NULL DEFAULT 'local',
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

INSERT INTO rollup_day (hour_us, tenant, route, model, vendor, role, simulated, currency, replica, attempts, requests,
  answered, caller_left, settled, aborted, failed, expired, refused, unpriced, estimated, input_tokens,
  cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_pico, list_pico, contract_pico,
  estimated_pico, wasted_pico, reported_pico, baseline_pico, compared_pico)
SELECT CASE WHEN cost_pico >= 1000000000000000000 OR list_pico >= 1000000000000000000 OR baseline_pico >= 1000000000000000000
    THEN hour_us ELSE hour_us - hour_us % 86400000000 END AS day_us,
  tenant, route, model, vendor, role, simulated, currency, replica, SUM(attempts),
  SUM(requests), SUM(answered), SUM(caller_left), SUM(settled), SUM(aborted), SUM(failed), SUM(expired), SUM(refused),
  SUM(unpriced), SUM(estimated), SUM(input_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(output_tokens),
  SUM(reasoning_tokens), SUM(cost_pico), SUM(list_pico), SUM(contract_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(reported_pico), SUM(baseline_pico), SUM(compared_pico)
FROM rollup_hour
GROUP BY day_us, tenant, route, model, vendor, role, simulated, currency, replica;

CREATE TABLE rollup_latency_day (
  hour_us   INTEGER NOT NULL,
  model     TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  bucket    INTEGER NOT NULL,
  replica   TEXT NOT NULL DEFAULT 'local',
  attempts  INTEGER NOT NULL,
  PRIMARY KEY (hour_us, model, simulated, bucket, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_latency_day (hour_us, model, simulated, bucket, replica, attempts)
SELECT hour_us - hour_us % 86400000000, model, simulated, bucket, replica, SUM(attempts)
FROM rollup_latency
GROUP BY hour_us - hour_us % 86400000000, model, simulated, bucket, replica;

-- Questions are about one tag at a time.
CREATE TABLE rollup_tag_day (
  hour_us        INTEGER NOT NULL,
  tag_key        TEXT NOT NULL,
  tag_value      TEXT NOT NULL,
  tenant         TEXT NOT NULL,
  route          TEXT NOT NULL,
  model          TEXT NOT NULL,
  vendor         TEXT NOT NULL,
  role           TEXT NOT NULL,
  simulated      INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  replica        TEXT NOT NULL,
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
  PRIMARY KEY (tag_key, hour_us, tag_value, tenant, route, model, vendor, role, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_tag_day (hour_us, tag_key, tag_value, tenant, route, model, vendor, role, simulated, currency,
  replica, attempts, requests, answered, unpriced, input_tokens, output_tokens, cost_pico, list_pico, estimated_pico,
  wasted_pico, baseline_pico, compared_pico)
SELECT CASE WHEN cost_pico >= 1000000000000000000 OR list_pico >= 1000000000000000000 OR baseline_pico >= 1000000000000000000
    THEN hour_us ELSE hour_us - hour_us % 86400000000 END AS day_us,
  tag_key, tag_value, tenant, route, model, vendor, role, simulated, currency,
  replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced), SUM(input_tokens), SUM(output_tokens),
  SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico), SUM(baseline_pico), SUM(compared_pico)
FROM rollup_tag
GROUP BY day_us, tag_key, tag_value, tenant, route, model, vendor, role, simulated, currency,
  replica;

CREATE TABLE rollup_line_day (
  hour_us       INTEGER NOT NULL,
  tenant        TEXT NOT NULL,
  route         TEXT NOT NULL,
  model         TEXT NOT NULL,
  vendor        TEXT NOT NULL,
  role          TEXT NOT NULL,
  simulated     INTEGER NOT NULL,
  currency      TEXT NOT NULL,
  bucket        TEXT NOT NULL,
  price_version TEXT NOT NULL,
  unit_price    TEXT NOT NULL,
  per           TEXT NOT NULL,
  replica       TEXT NOT NULL,
  lines         INTEGER NOT NULL,
  quantity      INTEGER NOT NULL,
  quantity_nano INTEGER NOT NULL,
  unpriced      INTEGER NOT NULL,
  cost_pico     INTEGER NOT NULL,
  list_pico     INTEGER NOT NULL,
  contract_pico INTEGER NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_line_day (hour_us, tenant, route, model, vendor, role, simulated, currency, bucket, price_version,
  unit_price, per, replica, lines, quantity, quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT CASE WHEN cost_pico >= 1000000000000000000 OR list_pico >= 1000000000000000000 OR contract_pico >= 1000000000000000000
    THEN hour_us ELSE hour_us - hour_us % 86400000000 END AS day_us,
  tenant, route, model, vendor, role, simulated, currency, bucket, price_version,
  unit_price, per, replica, SUM(lines), SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico),
  SUM(list_pico), SUM(contract_pico)
FROM rollup_line
GROUP BY day_us, tenant, route, model, vendor, role, simulated, currency, bucket,
  price_version, unit_price, per, replica;
