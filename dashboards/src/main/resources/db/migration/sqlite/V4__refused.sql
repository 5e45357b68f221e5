-- Requests that ended with an answer that says that the request itself is wrong (a 4xx but 408 and 429): nobody failed, so they
-- are kept out of the success rate.
ALTER TABLE rollup_hour ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

UPDATE rollup_hour SET refused = (
  SELECT COUNT(*) FROM attempt a
  WHERE a.started_us >= rollup_hour.hour_us AND a.started_us < rollup_hour.hour_us + 3600000000
    AND a.state = 'FAILED' AND a.http_status BETWEEN 400 AND 499 AND a.http_status NOT IN (408, 429)
    AND a.role IN ('PRIMARY', 'RETRY', 'FALLBACK', 'CACHE_HIT')
    AND a.tenant = rollup_hour.tenant AND a.route = rollup_hour.route AND a.model = rollup_hour.model
    AND a.vendor = rollup_hour.vendor AND a.role = rollup_hour.role AND a.simulated = rollup_hour.simulated
    AND COALESCE(a.currency, '') = rollup_hour.currency)
WHERE failed > 0;
