-- What the rest of the gateway must remember: verdicts, where each swap stands, and the callers' keys.

CREATE TABLE verdict (
  id         TEXT    NOT NULL PRIMARY KEY,
  route      TEXT    NOT NULL,
  candidate  TEXT    NOT NULL,
  incumbent  TEXT    NOT NULL,
  created_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  simulated  INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  json       TEXT    NOT NULL
) STRICT;

CREATE INDEX verdict_by_route ON verdict (route, created_us);

CREATE TABLE swap_state (
  route      TEXT    NOT NULL PRIMARY KEY,
  candidate  TEXT    NOT NULL,
  incumbent  TEXT    NOT NULL,
  state      TEXT    NOT NULL,
  verdict_id TEXT,
  reason     TEXT    NOT NULL,
  since_us   INTEGER NOT NULL
) STRICT;

-- Only the hash of a key is kept; the prefix is what a person recognises it by.
CREATE TABLE api_key (
  id         TEXT    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  prefix     TEXT    NOT NULL,
  sha256     TEXT    NOT NULL UNIQUE,
  team       TEXT,
  tags       TEXT    NOT NULL,
  created_us INTEGER NOT NULL,
  revoked_us INTEGER
) STRICT;
