-- Narrow sums by hour, for questions in a time zone whose days are not those of UTC: spend by model and role alone, which had
-- counts alone, by the values of a tag alone, and what was bought of a model at which price.

DROP TABLE rollup_model;

CREATE TABLE rollup_model (
  hour_us        BIGINT NOT NULL,
  model          TEXT NOT NULL,
  vendor         TEXT NOT NULL,
  role           TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, model, vendor, role, simulated, currency, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_model (hour_us, model, vendor, role, simulated, currency, replica, attempts, requests, answered,
  unpriced, input_tokens, output_tokens, cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT hour_us, model, vendor, role, simulated, currency, replica,
  SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced), SUM(input_tokens), SUM(output_tokens), SUM(cost_pico),
  SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico), SUM(baseline_pico), SUM(compared_pico)
FROM rollup_hour
GROUP BY hour_us, model, vendor, role, simulated, currency, replica;

CREATE TABLE rollup_tag_value (
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

INSERT INTO rollup_tag_value (tag_key, hour_us, tag_value, simulated, currency, replica, attempts, requests, answered, unpriced,
  input_tokens, output_tokens, cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT tag_key, hour_us, tag_value, simulated, currency, replica,
  SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced), SUM(input_tokens), SUM(output_tokens), SUM(cost_pico),
  SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico), SUM(baseline_pico), SUM(compared_pico)
FROM rollup_tag
GROUP BY tag_key, hour_us, tag_value, simulated, currency, replica;

CREATE TABLE rollup_price (
  hour_us       BIGINT NOT NULL,
  model         TEXT NOT NULL,
  vendor        TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, model, vendor, simulated, currency, bucket, price_version, unit_price, per, replica)
) WITH (fillfactor = 70);

INSERT INTO rollup_price (hour_us, model, vendor, simulated, currency, bucket, price_version, unit_price, per, replica, lines,
  quantity, quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT hour_us, model, vendor, simulated, currency, bucket, price_version, unit_price, per, replica,
  SUM(lines), SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico), SUM(list_pico), SUM(contract_pico)
FROM rollup_line
GROUP BY hour_us, model, vendor, simulated, currency, bucket, price_version, unit_price, per, replica;
