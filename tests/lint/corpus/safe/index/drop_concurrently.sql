-- corpus: safe
-- migrate-hooks: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.orders_placed_on_idx;
