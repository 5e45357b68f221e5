CREATE TABLE dropped_month (
  month      TEXT   NOT NULL PRIMARY KEY,
  from_id    TEXT COLLATE "C" NOT NULL,
  to_id      TEXT COLLATE "C" NOT NULL,
  from_us    BIGINT NOT NULL,
  to_us      BIGINT NOT NULL,
  dropped_us BIGINT NOT NULL
);

-- Drops the partitions of a month; false where it has none or is not to go yet: only a closed month goes, and never with a call under
-- way.
CREATE FUNCTION pareto_drop_month(day DATE, now_us BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  suffix TEXT := to_char(day, '_YYYY_MM');
  after DATE := (day + INTERVAL '1 month')::DATE;
  parent TEXT;
  busy BOOLEAN;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('pareto-partitions'));
  IF to_regclass('attempt' || suffix) IS NULL
      OR NOT EXISTS (SELECT 1 FROM billing_month m WHERE m.month = to_char(day, 'YYYY-MM')) THEN
    RETURN FALSE;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE state = ''OPEN'')', 'attempt' || suffix) INTO busy;
  IF busy THEN
    RETURN FALSE;
  END IF;
  INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)
  VALUES (to_char(day, 'YYYY-MM'), pareto_id(day), pareto_id(after), (EXTRACT(EPOCH FROM day::TIMESTAMP) * 1000000)::BIGINT,
    (EXTRACT(EPOCH FROM after::TIMESTAMP) * 1000000)::BIGINT, now_us);
  FOREACH parent IN ARRAY ARRAY['attempt', 'charge_line', 'baseline_line', 'request', 'decision'] LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I', parent || suffix);
  END LOOP;
  RETURN TRUE;
END $$;
