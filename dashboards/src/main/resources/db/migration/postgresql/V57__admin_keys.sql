-- Who may do what on the admin port. The keys themselves are nowhere, only their hashes.
CREATE TABLE admin_key (
  id           TEXT NOT NULL PRIMARY KEY,
  name         TEXT NOT NULL,
  role         TEXT NOT NULL,
  prefix       TEXT NOT NULL,
  sha256       TEXT NOT NULL UNIQUE,
  created_by   TEXT NOT NULL,
  created_us   BIGINT NOT NULL,
  expires_us   BIGINT,
  last_used_us BIGINT,
  revoked_us   BIGINT
);

-- What was done there, and what was refused; rows are only ever added.
CREATE TABLE admin_act (
  seq    BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_us  BIGINT NOT NULL,
  who    TEXT NOT NULL,
  role   TEXT NOT NULL,
  act    TEXT NOT NULL,
  detail TEXT NOT NULL,
  status BIGINT NOT NULL
);
