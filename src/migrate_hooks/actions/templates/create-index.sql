-- UP Migration
-- migrate-hooks: no-transaction
-- CONCURRENTLY builds the index while people write to the table. PostgreSQL
-- refuses it inside a transaction, hence the line above; one statement a file,
-- so that there is nothing half done. If it fails, it leaves an INVALID index,
-- which `migrate-hooks apply` removes before it tries again; with another tool
-- DROP INDEX CONCURRENTLY it first. IF NOT EXISTS would only hide it.

CREATE INDEX CONCURRENTLY example_table_example_column_idx
ON example_table (example_column);

-- Checklist
--   [ ] EXPLAIN shows that the slow query uses it.
--   [ ] No other index starts with the same columns.

-- DOWN Migration (rollback)

DROP INDEX CONCURRENTLY example_table_example_column_idx;
