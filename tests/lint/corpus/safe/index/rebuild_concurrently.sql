-- corpus: safe
-- migrate-hooks: no-transaction
REINDEX INDEX CONCURRENTLY orders_pkey;
