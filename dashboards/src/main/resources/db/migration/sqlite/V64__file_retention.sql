-- A file may let go of the rows of closed months, too: what dropped_month names, and nothing else. A database server drops partitions.
DROP TRIGGER attempt_is_kept;
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt
WHEN NOT EXISTS (SELECT 1 FROM dropped_month m WHERE m.from_id <= OLD.attempt_id AND m.to_id > OLD.attempt_id)
BEGIN SELECT RAISE(ABORT, 'attempts are never deleted; book an adjustment'); END;

DROP TRIGGER charge_line_is_kept;
CREATE TRIGGER charge_line_is_kept BEFORE DELETE ON charge_line
WHEN NOT EXISTS (SELECT 1 FROM dropped_month m WHERE m.from_id <= OLD.attempt_id AND m.to_id > OLD.attempt_id)
BEGIN SELECT RAISE(ABORT, 'charge lines are never deleted; book an adjustment'); END;

-- Only a whole closed month is named there: the ids of its time (48 bits of milliseconds in hexadecimal, as UUIDs are written).
CREATE TRIGGER dropped_month_was_closed BEFORE INSERT ON dropped_month
WHEN NOT EXISTS (SELECT 1 FROM billing_month b WHERE b.month = NEW.month AND b.from_us = NEW.from_us AND b.to_us = NEW.to_us
  AND NEW.from_id = substr(printf('%012x', b.from_us / 1000), 1, 8) || '-' || substr(printf('%012x', b.from_us / 1000), 9, 4)
  AND NEW.to_id = substr(printf('%012x', b.to_us / 1000), 1, 8) || '-' || substr(printf('%012x', b.to_us / 1000), 9, 4))
BEGIN SELECT RAISE(ABORT, 'only the rows of a closed month are let go of'); END;
CREATE TRIGGER dropped_month_stays BEFORE UPDATE ON dropped_month
BEGIN SELECT RAISE(ABORT, 'what was dropped stays dropped'); END;
CREATE TRIGGER dropped_month_is_kept BEFORE DELETE ON dropped_month
BEGIN SELECT RAISE(ABORT, 'what was dropped stays dropped'); END;
