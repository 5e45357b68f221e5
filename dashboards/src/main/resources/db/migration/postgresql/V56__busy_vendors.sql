-- Calls that a vendor refused as too many (429): a few of a thousand, found without reading the others. A query must repeat the
-- condition word by word.
CREATE INDEX attempt_busy ON attempt (started_us, vendor, model, route, tenant) WHERE http_status = 429;
