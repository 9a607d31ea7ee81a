-- corpus: safe
CREATE FUNCTION rebuild() RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
    TRUNCATE audit_log;
    CREATE INDEX ON people (created_at);
    UPDATE people SET visits = 0;
END
$fn$;
COMMENT ON FUNCTION rebuild() IS 'DROP TABLE people; ALTER TABLE people DROP COLUMN email';
