-- corpus: safe
-- migrate-hooks: no-transaction
VACUUM (ANALYZE) events;
