-- A key belongs to a tenant, as a request and its attempts do; its last use tells which keys can go.

ALTER TABLE api_key RENAME COLUMN team TO tenant;
UPDATE api_key SET tenant = name WHERE tenant IS NULL;
ALTER TABLE api_key ADD COLUMN last_used_us INTEGER;
