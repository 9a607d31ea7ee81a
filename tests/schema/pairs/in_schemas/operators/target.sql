CREATE FUNCTION same(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 = $2';
CREATE FUNCTION other(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> $2';
CREATE FUNCTION positive(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int, COMMUTATOR = ===, RESTRICT = eqsel,
    JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR !== (FUNCTION = other, LEFTARG = int, RIGHTARG = int, NEGATOR = ===);
CREATE OPERATOR @+ (FUNCTION = positive, RIGHTARG = int);
COMMENT ON OPERATOR === (int, int) IS 'x';
COMMENT ON OPERATOR @+ (NONE, int) IS 'y';
CREATE OPERATOR FAMILY mixed USING btree;
CREATE OPERATOR CLASS whole FOR TYPE int USING btree FAMILY mixed AS
    OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int), FUNCTION 2 btint4sortsupport(internal);
CREATE OPERATOR CLASS large FOR TYPE bigint USING btree FAMILY mixed AS
    OPERATOR 1 <, OPERATOR 5 >, FUNCTION 1 btint8cmp(bigint, bigint);
ALTER OPERATOR FAMILY mixed USING btree ADD OPERATOR 1 <(int, bigint), FUNCTION 1 btint48cmp(int, bigint);
CREATE OPERATOR CLASS hashed FOR TYPE int USING hash AS
    OPERATOR 1 ===, FUNCTION 1 hashint4(int), FUNCTION 2 hashint4extended(int, bigint);
CREATE OPERATOR CLASS "Words" FOR TYPE tsvector USING gin AS OPERATOR 1 @@(tsvector, tsquery),
    FUNCTION 1 gin_cmp_tslexeme(text, text), FUNCTION 2 gin_extract_tsvector(tsvector, internal, internal),
    FUNCTION 3 gin_extract_tsquery(tsvector, internal, int2, internal, internal, internal, internal),
    FUNCTION 4 gin_tsquery_consistent(internal, int2, tsvector, int4, internal, internal, internal, internal),
    STORAGE text;
