-- Narrow sums, so that no report reads more than some ten thousand rows of a quarter: by tenant and route alone, by model alone, by the
-- values of a tag alone. And the sums by day that left out tenant and route now leave out the tenant alone: most of what is asked names
-- routes, and tenants are what makes them many. A row of a million and more keeps its own hour, as in the other sums by day.

-- Spend by who asked and through which route.
CREATE TABLE rollup_place (
  hour_us        BIGINT NOT NULL,
  tenant         TEXT NOT NULL,
  route          TEXT NOT NULL,
  simulated      INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  replica        TEXT NOT NULL,
  attempts       BIGINT NOT NULL,
  requests       BIGINT NOT NULL,
  answered       BIGINT NOT NULL,
  unpriced       BIGINT NOT NULL,
  input_tokens   BIGINT NOT NULL,
  output_tokens  BIGINT NOT NULL,
  cost_pico      PICO NOT NULL,
  list_pico      PICO NOT NULL,
  estimated_pico PICO NOT NULL,
  wasted_pico    PICO NOT NULL,
  baseline_pico  PICO NOT NULL,
  compared_pico  PICO NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, simulated, currency, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_place (hour_us, tenant, route, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens, output_tokens,
  cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT hour_us, tenant, route, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_hour
GROUP BY hour_us, tenant, route, simulated, currency, replica;

CREATE TABLE rollup_place_day (
  hour_us        BIGINT NOT NULL,
  tenant         TEXT NOT NULL,
  route          TEXT NOT NULL,
  simulated      INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  replica        TEXT NOT NULL,
  attempts       BIGINT NOT NULL,
  requests       BIGINT NOT NULL,
  answered       BIGINT NOT NULL,
  unpriced       BIGINT NOT NULL,
  input_tokens   BIGINT NOT NULL,
  output_tokens  BIGINT NOT NULL,
  cost_pico      PICO NOT NULL,
  list_pico      PICO NOT NULL,
  estimated_pico PICO NOT NULL,
  wasted_pico    PICO NOT NULL,
  baseline_pico  PICO NOT NULL,
  compared_pico  PICO NOT NULL,
  PRIMARY KEY (hour_us, tenant, route, simulated, currency, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_place_day (hour_us, tenant, route, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens, output_tokens,
  cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT hour_us, tenant, route, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_day
GROUP BY hour_us, tenant, route, simulated, currency, replica;

-- How busy a model is: what fits a vendor's limits is asked hour by hour.
CREATE TABLE rollup_model (
  hour_us       BIGINT NOT NULL,
  model         TEXT NOT NULL,
  vendor        TEXT NOT NULL,
  simulated     INTEGER NOT NULL,
  replica       TEXT NOT NULL,
  attempts      BIGINT NOT NULL,
  input_tokens  BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  PRIMARY KEY (hour_us, model, vendor, simulated, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_model (hour_us, model, vendor, simulated, replica, attempts, input_tokens, output_tokens)
SELECT hour_us, model, vendor, simulated, replica, SUM(attempts), SUM(input_tokens), SUM(output_tokens)
FROM rollup_hour
GROUP BY hour_us, model, vendor, simulated, replica;

-- Spend by the values of a tag; questions are about one tag at a time.
CREATE TABLE rollup_tag_value_day (
  tag_key        TEXT NOT NULL,
  hour_us        BIGINT NOT NULL,
  tag_value      TEXT NOT NULL,
  simulated      INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  replica        TEXT NOT NULL,
  attempts       BIGINT NOT NULL,
  requests       BIGINT NOT NULL,
  answered       BIGINT NOT NULL,
  unpriced       BIGINT NOT NULL,
  input_tokens   BIGINT NOT NULL,
  output_tokens  BIGINT NOT NULL,
  cost_pico      PICO NOT NULL,
  list_pico      PICO NOT NULL,
  estimated_pico PICO NOT NULL,
  wasted_pico    PICO NOT NULL,
  baseline_pico  PICO NOT NULL,
  compared_pico  PICO NOT NULL,
  PRIMARY KEY (tag_key, hour_us, tag_value, simulated, currency, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_tag_value_day (tag_key, hour_us, tag_value, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens,
  output_tokens, cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT tag_key, hour_us, tag_value, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_tag_day
GROUP BY tag_key, hour_us, tag_value, simulated, currency, replica;

DROP TABLE rollup_model_day;

CREATE TABLE rollup_model_day (
  hour_us            BIGINT NOT NULL,
  route              TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, route, model, vendor, role, simulated, currency, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_model_day (hour_us, route, model, vendor, role, simulated, currency, replica, attempts, requests, answered, caller_left, settled,
  aborted, failed, expired, refused, unpriced, estimated, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
  reasoning_tokens, cost_pico, list_pico, contract_pico, estimated_pico, wasted_pico, reported_pico, baseline_pico,
  compared_pico)
SELECT hour_us, route, model, vendor, role, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered),
  SUM(caller_left), SUM(settled), SUM(aborted), SUM(failed), SUM(expired), SUM(refused), SUM(unpriced), SUM(estimated),
  SUM(input_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(output_tokens), SUM(reasoning_tokens),
  SUM(cost_pico), SUM(list_pico), SUM(contract_pico), SUM(estimated_pico), SUM(wasted_pico), SUM(reported_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_day
GROUP BY hour_us, route, model, vendor, role, simulated, currency, replica;

DROP TABLE rollup_price_day;

CREATE TABLE rollup_price_day (
  hour_us       BIGINT NOT NULL,
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
  lines         BIGINT NOT NULL,
  quantity      BIGINT NOT NULL,
  quantity_nano BIGINT NOT NULL,
  unpriced      BIGINT NOT NULL,
  cost_pico     PICO NOT NULL,
  list_pico     PICO NOT NULL,
  contract_pico PICO NOT NULL,
  PRIMARY KEY (hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_price_day (hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, lines, quantity,
  quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, SUM(lines),
  SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico), SUM(list_pico), SUM(contract_pico)
FROM rollup_line_day
GROUP BY hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica;

-- Seconds of own machines: few lines of all, asked for hour by hour. A query must repeat the condition word by word.
CREATE INDEX rollup_line_machine ON rollup_line (hour_us) WHERE bucket = 'gpu_second';
