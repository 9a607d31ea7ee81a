-- corpus: safe
-- Do not use: ALTER TABLE orders ALTER COLUMN id TYPE bigint; VACUUM FULL orders; LOCK TABLE orders;
/* COMMIT; ROLLBACK; /* nested: UPDATE orders SET id = 0; */ DROP SCHEMA public CASCADE; */
SELECT 1;
