-- UP Migration
-- Once row level security is on, a row that no policy admits is invisible, to
-- everybody but the table's owner and superusers. A sub-select around a function
-- call makes it run once for the query instead of once for each row.

ALTER TABLE example_table ENABLE ROW LEVEL SECURITY;

-- On Supabase: TO authenticated USING ((SELECT auth.uid()) = user_id).
CREATE POLICY example_table_read ON example_table
FOR SELECT
USING (example_column = (SELECT current_setting('app.user_id', true)));

-- USING says which rows may be changed, WITH CHECK what they may become.
CREATE POLICY example_table_update ON example_table
FOR UPDATE
USING (example_column = (SELECT current_setting('app.user_id', true)))
WITH CHECK (example_column = (SELECT current_setting('app.user_id', true)));

CREATE POLICY example_table_insert ON example_table
FOR INSERT
WITH CHECK (example_column = (SELECT current_setting('app.user_id', true)));

-- Checklist
--   [ ] Tried as a role that does not own the table: sees own rows, no others.
--   [ ] Every way of writing that is not listed is meant to be refused.
--   [ ] The column that the policies compare has an index.

-- DOWN Migration (rollback)
-- Opens the table again: be sure that this is wanted.

DROP POLICY example_table_insert ON example_table;
DROP POLICY example_table_update ON example_table;
DROP POLICY example_table_read ON example_table;

ALTER TABLE example_table DISABLE ROW LEVEL SECURITY;
