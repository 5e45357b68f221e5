-- What the chains had of a dropped month's calls, booked in a chain of its own: who deletes a month cannot call it retention.
ALTER TABLE dropped_month ADD COLUMN entries BIGINT;
ALTER TABLE dropped_month ADD COLUMN digest TEXT;

CREATE TRIGGER drop_stays BEFORE UPDATE ON dropped_month FOR EACH ROW WHEN (OLD.digest IS NOT NULL)
  EXECUTE FUNCTION pareto_stays('dropped_month');
CREATE TRIGGER drop_is_kept BEFORE DELETE ON dropped_month FOR EACH ROW EXECUTE FUNCTION pareto_stays('dropped_month');
