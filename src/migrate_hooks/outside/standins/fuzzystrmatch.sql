-- Distances and sounds of words, by name only: every word is as near as its length.
CREATE FUNCTION levenshtein(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.abs(pg_catalog.length($1) - pg_catalog.length($2))';
CREATE FUNCTION levenshtein(text, text, integer, integer, integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.abs(pg_catalog.length($1) - pg_catalog.length($2))';
CREATE FUNCTION levenshtein_less_equal(text, text, integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.abs(pg_catalog.length($1) - pg_catalog.length($2))';
CREATE FUNCTION soundex(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.upper(pg_catalog.left($1, 4))';
CREATE FUNCTION difference(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT 0';
CREATE FUNCTION metaphone(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.upper(pg_catalog.left($1, $2))';
CREATE FUNCTION dmetaphone(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.upper(pg_catalog.left($1, 4))';
CREATE FUNCTION dmetaphone_alt(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.upper(pg_catalog.left($1, 4))';
