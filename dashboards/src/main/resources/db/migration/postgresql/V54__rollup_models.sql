-- The sums by day without tenant and route, for questions that name neither: an eighth of the rows. Rows of a million and more
-- keep their own hour here, too.

CREATE TABLE rollup_model_day (
  hour_us            BIGINT NOT NULL,
  model              TEXT NOT NULL,
  vendor             TEXT NOT NULL,
  role               TEXT NOT NULL,
  simulated          INTEGER NOT NULL,
  currency           TEXT NOT NULL,
  replica            TEXT NOT NULL,
  attempts           BIGINT NOT NULL,
  requests           BIGINT NOT NULL,
  answered           BIGINT NOT NULL,
  caller_left        BIGINT NOT NULL,
  settled            BIGINT NOT NULL,
  aborted            BIGINT NOT NULL,
  failed             BIGINT NOT NULL,
  expired            BIGINT NOT NULL,
  refused            BIGINT NOT NULL,
  unpriced           BIGINT NOT NULL,
  estimated          BIGINT NOT NULL,
  input_tokens       BIGINT NOT NULL,
  cache_read_tokens  BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  output_tokens      BIGINT NOT NULL,
  reasoning_tokens   BIGINT NOT NULL,
  cost_pico          PICO NOT NULL,
  list_pico          PICO NOT NULL,
  contract_pico      PICO NOT NULL,
  estimated_pico     PICO NOT NULL,
  wasted_pico        PICO NOT NULL,
  reported_pico      PICO NOT NULL,
  baseline_pico      PICO NOT NULL,
  compared_pico      PICO NOT NULL,
  PRIMARY KEY (hour_us, model, vendor, role, simulated, currency, replica)
) WITH (fillfactor = 70);

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
  hour_us       BIGINT NOT NULL,
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
  lines         BIGINT NOT NULL,
  quantity      BIGINT NOT NULL,
  quantity_nano BIGINT NOT NULL,
  unpriced      BIGINT NOT NULL,
  cost_pico     PICO NOT NULL,
  list_pico     PICO NOT NULL,
  contract_pico PICO NOT NULL,
  PRIMARY KEY (hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_price_day (hour_us, model, vendor, role, simulated, currency, bucket, price_version,
  unit_price, per, replica, lines, quantity, quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, SUM(lines),
  SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico), SUM(list_pico), SUM(contract_pico)
FROM rollup_line_day
GROUP BY hour_us, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica;

-- Nobody looks for requests by their time: they are found by their ids, which begin with it.
DROP INDEX request_by_time;
