-- What people did to budgets, and who was told of what. What was spent stands in the ledger alone.

-- Money granted once, beside a budget's amount: in the period in which it was granted, until it expires. Never changed.
CREATE TABLE budget_top_up (
  id          TEXT    NOT NULL PRIMARY KEY,
  budget      TEXT    NOT NULL,
  currency    TEXT    NOT NULL,
  amount_pico BIGINT NOT NULL CHECK (amount_pico > 0),
  reason      TEXT    NOT NULL,
  granted_by  TEXT    NOT NULL,
  granted_us  BIGINT NOT NULL,
  expires_us  BIGINT NOT NULL
);

CREATE INDEX budget_top_up_by_time ON budget_top_up (granted_us);

CREATE FUNCTION pareto_granted_stays() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was granted never changes'; END $$;

CREATE TRIGGER budget_top_up_stays BEFORE UPDATE OR DELETE ON budget_top_up FOR EACH ROW
  EXECUTE FUNCTION pareto_granted_stays();

-- A threshold that was reached, once for each period. The amounts are those of the moment in which it was seen.
CREATE TABLE budget_alert (
  budget        TEXT    NOT NULL,
  period_us     BIGINT NOT NULL,
  threshold     TEXT    NOT NULL,
  reached_us    BIGINT NOT NULL,
  spent_pico    BIGINT NOT NULL,
  limit_pico    BIGINT NOT NULL,
  next_us       BIGINT,
  tries         INTEGER NOT NULL,
  delivered_us  BIGINT,
  detail        TEXT    NOT NULL,
  PRIMARY KEY (budget, period_us, threshold)
);
