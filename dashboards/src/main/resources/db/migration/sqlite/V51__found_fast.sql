-- Rows that people look for: the dear ones, and those that the books cannot be sure of. A few of a hundred, so that the indexes
-- are small and seldom written; a query must repeat their conditions word by word.
CREATE INDEX attempt_dear ON attempt (attempt_id, started_us, cost_pico) WHERE cost_pico >= 100000000000;
CREATE INDEX attempt_doubtful ON attempt (started_us, vendor, inconsistent, estimated, usage_source, cost_pico,
  ended_us, state)
  WHERE state <> 'OPEN' AND (inconsistent = 1 OR estimated = 1 OR cost_pico IS NULL OR ended_us < started_us);
