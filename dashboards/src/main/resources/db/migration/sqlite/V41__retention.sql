-- Months whose attempts, lines, requests and decisions are no longer kept, by ranges of their ids. Their sums and the hashes of what
-- was booked stay. A file keeps everything; a database server drops whole partitions.
CREATE TABLE dropped_month (
  month      TEXT    NOT NULL PRIMARY KEY,
  from_id    TEXT    NOT NULL,
  to_id      TEXT    NOT NULL,
  from_us    INTEGER NOT NULL,
  to_us      INTEGER NOT NULL,
  dropped_us INTEGER NOT NULL
) STRICT;
