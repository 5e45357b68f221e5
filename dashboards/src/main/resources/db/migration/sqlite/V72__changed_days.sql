-- How often anything was added to the sums of a UTC day, so that answers about past days can be kept until one of them changes.
CREATE TABLE rollup_change (
  day_us  INTEGER NOT NULL,
  replica TEXT NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (day_us, replica)
) STRICT, WITHOUT ROWID;

-- The newest day begins as what it is, so that all others count as past.
INSERT INTO rollup_change (day_us, replica, changes)
SELECT MAX(hour_us) - MAX(hour_us) % 86400000000, 'local', 0 FROM rollup_model_day HAVING MAX(hour_us) IS NOT NULL;
