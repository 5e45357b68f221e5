-- What a key lets its bearer do besides calling models: names between commas, empty for nothing.
ALTER TABLE api_key ADD COLUMN may TEXT NOT NULL DEFAULT '';
