-- corpus: safe
-- migrate-hooks: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY accounts_slug_key ON accounts (slug);
