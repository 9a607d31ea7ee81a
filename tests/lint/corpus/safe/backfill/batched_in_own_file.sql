-- corpus: safe
-- migrate-hooks: no-transaction
DO $$
DECLARE
    changed bigint;
BEGIN
    LOOP
        UPDATE users SET display_name = first_name || ' ' || last_name
        WHERE id IN (SELECT id FROM users WHERE display_name IS NULL LIMIT 5000 FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS changed = ROW_COUNT;
        COMMIT;
        EXIT WHEN changed = 0;
    END LOOP;
END
$$;
