-- UP Migration
-- A plain RENAME COLUMN breaks the code that is running at that moment. Instead
-- both names live side by side for a while. This file is step 1 of 4:
--   1. (here) add the new column; a trigger keeps both equal;
--   2. copy the old rows, in batches: --template data-migration, with
--      SET new_example_column = example_column
--      WHERE new_example_column IS DISTINCT FROM example_column;
--   3. deploy code that reads and writes the new name only;
--   4. in a last migration drop the trigger, its function and the old column.

ALTER TABLE example_table ADD COLUMN new_example_column text;

CREATE FUNCTION example_table_sync_example_column() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.new_example_column := coalesce(NEW.new_example_column, NEW.example_column);
        NEW.example_column := NEW.new_example_column;
    ELSIF NEW.new_example_column IS DISTINCT FROM OLD.new_example_column THEN
        NEW.example_column := NEW.new_example_column;
    ELSE
        NEW.new_example_column := NEW.example_column;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER example_table_sync_example_column
BEFORE INSERT OR UPDATE ON example_table
FOR EACH ROW EXECUTE FUNCTION example_table_sync_example_column();

-- Checklist
--   [ ] The new column has the type of the old one.
--   [ ] Indexes, constraints and policies of the old column have a twin.
--   [ ] Views and functions that name the old column are listed for step 3.

-- DOWN Migration (rollback)

DROP TRIGGER example_table_sync_example_column ON example_table;
DROP FUNCTION example_table_sync_example_column();
ALTER TABLE example_table DROP COLUMN new_example_column;
