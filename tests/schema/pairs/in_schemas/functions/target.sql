CREATE FUNCTION "Odd ""name"", 🐘."(a int, "b, c" text DEFAULT 'DEFAULT, x', VARIADIC "more (of)" int[] DEFAULT '{}')
    RETURNS TABLE (x int, "y z" text) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF
    PARALLEL RESTRICTED COST 7 ROWS 3 SET search_path = "$user", public, "we, ird=1", "user"
    SET work_mem = '7MB' AS $f$BEGIN RETURN QUERY SELECT 1, 'it''s \ $$'; END$f$;
CREATE FUNCTION quotes() RETURNS text LANGUAGE sql IMMUTABLE AS $f$SELECT '$$' || '$body$' || E'\n'
$f$;
CREATE FUNCTION ending() RETURNS text LANGUAGE sql AS 'SELECT ''a'' --$';
CREATE FUNCTION settings() RETURNS int LANGUAGE sql SET search_path = '' SET datestyle = 'ISO, DMY'
    SET "my.own" = 'it''s' SET timezone = 'UTC' AS 'SELECT 1';
CREATE PROCEDURE becomes_procedure(a int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION other_result(a int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
COMMENT ON FUNCTION other_result IS 'stays';
GRANT EXECUTE ON FUNCTION other_result TO reader;
REVOKE EXECUTE ON FUNCTION other_result FROM PUBLIC;
CREATE FUNCTION optional(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION set_of(a int) RETURNS SETOF int LANGUAGE sql ROWS 5
    SUPPORT pg_catalog.generate_series_int4_support AS 'SELECT 1';
CREATE FUNCTION out_of(a int, OUT b int, INOUT c text) LANGUAGE sql PARALLEL SAFE AS 'SELECT 1, NULL::text';
CREATE FUNCTION standard(a int) RETURNS int LANGUAGE sql RETURN a + 2;
CREATE PROCEDURE work(a int, INOUT b int, c text DEFAULT NULL) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS 'BEGIN END';
CREATE FUNCTION number() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION hidden() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION hidden FROM PUBLIC;
CREATE FUNCTION given() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION given OWNER TO writer;
