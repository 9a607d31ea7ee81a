-- corpus: safe
CREATE FUNCTION run_report() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE
    words text := $inner$; DROP TABLE reports; $inner$;
BEGIN
    RETURN words;
END
$outer$;
