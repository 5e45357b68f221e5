-- What vendors say that a day cost, by line of their own bill; what is known of the line in our words beside it. Fetched again, a day
-- is replaced: this is their word, not our book.
CREATE TABLE vendor_cost (
  vendor      TEXT NOT NULL,
  day         TEXT NOT NULL,
  line_no     INTEGER NOT NULL,
  account     TEXT,
  line_item   TEXT NOT NULL,
  model       TEXT,
  bucket      TEXT,
  quantity    TEXT,
  currency    TEXT NOT NULL,
  amount_pico PICO NOT NULL,
  PRIMARY KEY (vendor, day, line_no)
);

-- The days that were asked for, also those that cost nothing.
CREATE TABLE vendor_day (
  vendor     TEXT NOT NULL,
  day        TEXT NOT NULL,
  fetched_us BIGINT NOT NULL,
  PRIMARY KEY (vendor, day)
);

-- What somebody let pass when a month was to be closed, and why.
CREATE TABLE month_waiver (
  month     TEXT NOT NULL,
  subject   TEXT NOT NULL,
  reason    TEXT NOT NULL,
  waived_by TEXT NOT NULL,
  waived_us BIGINT NOT NULL,
  PRIMARY KEY (month, subject)
);
