-- UP Migration
-- migrate-hooks: no-transaction
-- Rows change in batches, each in a transaction of its own, so that no lock is
-- held for long and vacuum can follow. It can be run again after a failure: rows
-- that are done no longer match.

DO $$
DECLARE
    changed bigint;
BEGIN
    LOOP
        UPDATE example_table
        SET example_column = 'unknown'
        WHERE id IN (
            SELECT id FROM example_table
            WHERE example_column IS NULL
            ORDER BY id
            LIMIT 1000
        );
        GET DIAGNOSTICS changed = ROW_COUNT;
        EXIT WHEN changed = 0;
        COMMIT;
    END LOOP;
END
$$;

-- Checklist
--   [ ] Only rows, no schema: that belongs in a migration before or after this one.
--   [ ] An index serves the WHERE, or the table is small.
--   [ ] Triggers that fire for each row were thought of.

-- DOWN Migration (rollback)
-- Honest only while nothing else writes 'unknown'. Otherwise replace the statement
-- by a line that starts with "DOWN: irreversible because" and tells the reason.

UPDATE example_table SET example_column = NULL
WHERE example_column = 'unknown';
