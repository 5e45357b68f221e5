-- What was never settled is asked for by itself and is rare: without this it is looked for among an hour's calls.
CREATE INDEX attempt_expired ON attempt (attempt_id) WHERE state = 'EXPIRED';
