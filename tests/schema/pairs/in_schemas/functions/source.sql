CREATE FUNCTION "Odd ""name"", 🐘."(a int, "b, c" text, VARIADIC "more (of)" int[])
    RETURNS TABLE (x int, "y z" text) LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE FUNCTION quotes() RETURNS text LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION ending() RETURNS text LANGUAGE sql AS $$SELECT 'a' --$ $$;
CREATE FUNCTION settings() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION becomes_procedure(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION other_result(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION other_result IS 'stays';
GRANT EXECUTE ON FUNCTION other_result TO reader;
REVOKE EXECUTE ON FUNCTION other_result FROM PUBLIC;
CREATE FUNCTION optional(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION set_of(a int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION out_of(a int, OUT b int, INOUT c text) LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE FUNCTION standard(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE PROCEDURE work(a int, INOUT b int) LANGUAGE plpgsql AS 'BEGIN END';
