-- corpus: safe
ALTER TABLE accounts ADD CONSTRAINT accounts_slug_unique UNIQUE USING INDEX accounts_slug_key;
