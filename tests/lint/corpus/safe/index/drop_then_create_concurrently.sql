-- corpus: safe
-- migrate-hooks: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS orders_state_idx;
CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);
