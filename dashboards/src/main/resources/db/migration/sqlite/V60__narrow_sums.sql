-- Narrow sums, so that no report reads more than some ten thousand rows of a quarter: by tenant and route alone, by model alone, by the
-- values of a tag alone. And the sums by day that left out tenant and route now leave out the tenant alone: most of what is asked names
-- routes, and tenants are what makes them many. A row of a million and more keeps its own hour, as in the other sums by day.

-- Spend by who asked and through which route.
CREATE TABLE rollup_place (
  hour_us        INTEGER NOT NULL,
  tenant         TEXT NOT NULL,
  route          TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, tenant, route, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_place (hour_us, tenant, route, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens, output_tokens,
  cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT hour_us, tenant, route, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_hour
GROUP BY hour_us, tenant, route, simulated, currency, replica;

CREATE TABLE rollup_place_day (
  hour_us        INTEGER NOT NULL,
  tenant         TEXT NOT NULL,
  route          TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, tenant, route, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_place_day (hour_us, tenant, route, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens, output_tokens,
  cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT hour_us, tenant, route, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_day
GROUP BY hour_us, tenant, route, simulated, currency, replica;

-- How busy a model is: what fits a vendor's limits is asked hour by hour.
CREATE TABLE rollup_model (
  hour_us       INTEGER NOT NULL,
  model         TEXT NOT NULL,
  vendor        TEXT NOT NULL,
  simulated     INTEGER NOT NULL,
  replica       TEXT NOT NULL,
  attempts      INTEGER NOT NULL,
  input_tokens  INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  PRIMARY KEY (hour_us, model, vendor, simulated, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_model (hour_us, model, vendor, simulated, replica, attempts, input_tokens, output_tokens)
SELECT hour_us, model, vendor, simulated, replica, SUM(attempts), SUM(input_tokens), SUM(output_tokens)
FROM rollup_hour
GROUP BY hour_us, model, vendor, simulated, replica;

-- Spend by the values of a tag; questions are about one tag at a time.
CREATE TABLE rollup_tag_value_day (
  tag_key        TEXT NOT NULL,
  hour_us        INTEGER NOT NULL,
  tag_value      TEXT NOT NULL,
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
  PRIMARY KEY (tag_key, hour_us, tag_value, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_tag_value_day (tag_key, hour_us, tag_value, simulated, currency, replica, attempts, requests, answered, unpriced, input_tokens,
  output_tokens, cost_pico, list_pico, estimated_pico, wasted_pico, baseline_pico, compared_pico)
SELECT tag_key, hour_us, tag_value, simulated, currency, replica, SUM(attempts), SUM(requests), SUM(answered), SUM(unpriced),
  SUM(input_tokens), SUM(output_tokens), SUM(cost_pico), SUM(list_pico), SUM(estimated_pico), SUM(wasted_pico),
  SUM(baseline_pico), SUM(compared_pico)
FROM rollup_tag_day
GROUP BY tag_key, hour_us, tag_value, simulated, currency, replica;

DROP TABLE rollup_model_day;

CREATE TABLE rollup_model_day (
  hour_us            INTEGER NOT NULL,
  route              TEXT NOT NULL,
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
  PRIMARY KEY (hour_us, route, model, vendor, role, simulated, currency, replica)
) STRICT, WITHOUT ROWID;

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
  hour_us       INTEGER NOT NULL,
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
  PRIMARY KEY (hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_price_day (hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, lines, quantity,
  quantity_nano, unpriced, cost_pico, list_pico, contract_pico)
SELECT hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica, SUM(lines),
  SUM(quantity), SUM(quantity_nano), SUM(unpriced), SUM(cost_pico), SUM(list_pico), SUM(contract_pico)
FROM rollup_line_day
GROUP BY hour_us, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price, per, replica;

-- Seconds of own machines: few lines of all, asked for hour by hour. A query must repeat the condition word by word.
CREATE INDEX rollup_line_machine ON rollup_line (hour_us) WHERE bucket = 'gpu_second';
