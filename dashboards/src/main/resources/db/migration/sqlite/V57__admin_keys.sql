-- Who may do what on the admin port. The keys themselves are nowhere, only their hashes.
CREATE TABLE admin_key (
  id           TEXT NOT NULL PRIMARY KEY,
  name         TEXT NOT NULL,
  role         TEXT NOT NULL,
  prefix       TEXT NOT NULL,
  sha256       TEXT NOT NULL UNIQUE,
  created_by   TEXT NOT NULL,
  created_us   INTEGER NOT NULL,
  expires_us   INTEGER,
  last_used_us INTEGER,
  revoked_us   INTEGER
) STRICT;

-- What was done there, and what was refused; rows are only ever added.
CREATE TABLE admin_act (
  seq    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_us  INTEGER NOT NULL,
  who    TEXT NOT NULL,
  role   TEXT NOT NULL,
  act    TEXT NOT NULL,
  detail TEXT NOT NULL,
  status INTEGER NOT NULL
) STRICT;
