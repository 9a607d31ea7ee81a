CREATE TABLE "Items, 🐘" (id int NOT NULL, "note (long)" text);
CREATE VIEW seen AS SELECT id FROM "Items, 🐘";
CREATE MATERIALIZED VIEW kept AS SELECT id FROM "Items, 🐘";
CREATE SEQUENCE numbers;
CREATE TYPE label AS ENUM ('a');
CREATE TYPE pair AS (a int);
CREATE DOMAIN word AS text;
CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int);

GRANT SELECT, UPDATE ON "Items, 🐘" TO "Odd ""role"" 🐘.";
GRANT INSERT ("note (long)") ON "Items, 🐘" TO "Odd ""role"" 🐘." WITH GRANT OPTION;
GRANT INSERT (id) ON "Items, 🐘" TO PUBLIC;
REVOKE ALL ON numbers FROM postgres;
GRANT SELECT ON numbers TO postgres;
REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;
