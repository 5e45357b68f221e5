-- What the chains had of a dropped month's calls, booked in a chain of its own: who deletes a month cannot call it retention.
ALTER TABLE dropped_month ADD COLUMN entries INTEGER;
ALTER TABLE dropped_month ADD COLUMN digest TEXT;

-- What retention in a file may have made for the same: it would keep the digest out.
DROP TRIGGER IF EXISTS dropped_month_stays;
DROP TRIGGER IF EXISTS dropped_month_is_kept;

CREATE TRIGGER drop_stays BEFORE UPDATE ON dropped_month WHEN OLD.digest IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a dropped month stays dropped'); END;
CREATE TRIGGER drop_is_kept BEFORE DELETE ON dropped_month
BEGIN SELECT RAISE(ABORT, 'a dropped month stays dropped'); END;
