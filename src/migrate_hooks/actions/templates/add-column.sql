-- UP Migration
-- A column that may be NULL, or has a constant default, is added in an instant:
-- no row is touched. Still unsafe on a table with rows: NOT NULL without a
-- default (fails), and a default that differs by row such as random() (rewrites
-- the table while nobody can read it).

ALTER TABLE example_table ADD COLUMN example_column text;

COMMENT ON COLUMN example_table.example_column IS 'Say what it holds, and in which unit.';

-- If it has to become NOT NULL, three later migrations get there without a scan
-- under a lock:
--   1. fill the rows (--template data-migration);
--   2. ADD CONSTRAINT example_table_example_column_set
--      CHECK (example_column IS NOT NULL) NOT VALID;
--   3. VALIDATE CONSTRAINT, ALTER COLUMN example_column SET NOT NULL, DROP CONSTRAINT.

-- Checklist
--   [ ] Code that is still running ignores the column.
--   [ ] Policies and views that list columns were looked at.

-- DOWN Migration (rollback)
-- Loses what was written to the column.

ALTER TABLE example_table DROP COLUMN example_column;
