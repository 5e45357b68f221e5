-- The sums by day without tenant and route, for questions that name neither: an eighth of the rows. Rows of a million and more
-- keep their own hour here, too.

CREATE TABLE rollup_model_day (
  hour_us            INTEGER NOT NULL,
  model              TEXT NOT NULL,
  vendor             TEXT NOT NULL,
  role               TEXT NOT NULL,
  simulated          INTEGER NOT NULL,
  currency           TEXT NOT NULL,
  replica            TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, model, vendor, role, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_model_day (hour_us, model, vendor, role, simulated, currency, replica, attempts, requests,
  answered, caller_left, settled, aborted, failed, expired, refused, unpriced, estimated, input_tokens, cache_read_tokens, cache_write_tokens,
  output_tokens, reasoning_tokens, cost_pico, list_pico, contract_pico, estimated_pico, wasted_pico, reported_pico,
  baseline_pico, compared_pico)
SELECT hour_us, model, vendor, role, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered),
  SUM(caller_left), SUM(settled), SUM(aborted), SUM(failed), SUM(expired), SUM(refused), SUM(unpriced), SUM(estimated),
  SUM(input_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(output_tokens), SUM(reasoning_tokens),
  SUM(cost_pico), SUM(list_pico), SUM(contract_pico), SUM(estimated_pico), SUM(wasted_pico), SUM(reported_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_day
GROUP BY hour_us, model, vendor, role, simulated, currency, replica;

CREATE TABLE rollup_price_day (
  hour_us       INTEGER NOT NULL,
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
  PRIMARY KEY (hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_price_day (hour_us, model, vendor, role, simulated, currency, bucket, price_version,
  unit_price, per, replica, lines, quantity, quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, SUM(lines),
  SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico), SUM(list_pico), SUM(contract_pico)
FROM rollup_line_day
GROUP BY hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica;

-- Nobody looks for requests by their time: they are found by their ids, which begin with it.
DROP INDEX request_by_time;
