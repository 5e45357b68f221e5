-- What people did to budgets, and who was told of what. What was spent stands in the ledger alone.

-- Money granted once, beside a budget's amount: in the period in which it was granted, until it expires. Never changed.
CREATE TABLE budget_top_up (
  id          TEXT    NOT NULL PRIMARY KEY,
  budget      TEXT    NOT NULL,
  currency    TEXT    NOT NULL,
  amount_pico INTEGER NOT NULL CHECK (amount_pico > 0),
  reason      TEXT    NOT NULL,
  granted_by  TEXT    NOT NULL,
  granted_us  INTEGER NOT NULL,
  expires_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX budget_top_up_by_time ON budget_top_up (granted_us);

CREATE TRIGGER budget_top_up_stays BEFORE UPDATE ON budget_top_up
BEGIN SELECT RAISE(ABORT, 'what was granted never changes'); END;
CREATE TRIGGER budget_top_up_is_kept BEFORE DELETE ON budget_top_up
BEGIN SELECT RAISE(ABORT, 'what was granted is kept'); END;

-- A threshold that was reached, once for each period. The amounts are those of the moment in which it was seen.
CREATE TABLE budget_alert (
  budget        TEXT    NOT NULL,
  period_us     INTEGER NOT NULL,
  threshold     TEXT    NOT NULL,
  reached_us    INTEGER NOT NULL,
  spent_pico    INTEGER NOT NULL,
  limit_pico    INTEGER NOT NULL,
  next_us       INTEGER,
  tries         INTEGER NOT NULL,
  delivered_us  INTEGER,
  detail        TEXT    NOT NULL,
  PRIMARY KEY (budget, period_us, threshold)
) STRICT, WITHOUT ROWID;
