-- UP Migration
-- A new table is empty, so its indexes and constraints lock nobody out.

CREATE TABLE example_table (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL,
    title text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- An index for every column that a foreign key, a policy or a frequent query asks.
CREATE INDEX example_table_owner_id_idx ON example_table (owner_id);

-- Closed first, then opened for exactly what is meant.
ALTER TABLE example_table ENABLE ROW LEVEL SECURITY;

-- On Supabase: USING ((SELECT auth.uid()) = owner_id), with owner_id uuid.
CREATE POLICY example_table_own ON example_table
USING (owner_id = (SELECT nullif(current_setting('app.user_id', true), '')::bigint));

COMMENT ON TABLE example_table IS 'Say in one sentence what a row stands for.';

-- Checklist
--   [ ] Columns are NOT NULL where a row without them makes no sense.
--   [ ] Foreign keys say what happens ON DELETE.
--   [ ] Policies cover reading and each way of writing.

-- DOWN Migration (rollback)
-- Loses the rows; index, policy and comment go with the table.

DROP TABLE example_table;
