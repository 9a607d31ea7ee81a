-- Digests are computed for real where the server can; what would need a cipher only has its form.
CREATE FUNCTION digest(bytea, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE pg_catalog.lower($2)
    WHEN 'md5' THEN pg_catalog.decode(pg_catalog.md5($1), 'hex')
    WHEN 'sha224' THEN pg_catalog.sha224($1)
    WHEN 'sha256' THEN pg_catalog.sha256($1)
    WHEN 'sha384' THEN pg_catalog.sha384($1)
    ELSE pg_catalog.sha512($1)
END
$$;
CREATE FUNCTION digest(text, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE pg_catalog.lower($2)
    WHEN 'md5' THEN pg_catalog.decode(pg_catalog.md5($1), 'hex')
    WHEN 'sha224' THEN pg_catalog.sha224(pg_catalog.convert_to($1, 'UTF8'))
    WHEN 'sha256' THEN pg_catalog.sha256(pg_catalog.convert_to($1, 'UTF8'))
    WHEN 'sha384' THEN pg_catalog.sha384(pg_catalog.convert_to($1, 'UTF8'))
    ELSE pg_catalog.sha512(pg_catalog.convert_to($1, 'UTF8'))
END
$$;
CREATE FUNCTION hmac(bytea, bytea, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.sha256($1 || $2)';
CREATE FUNCTION hmac(text, text, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.sha256(pg_catalog.convert_to($1 || $2, ''UTF8''))';
CREATE FUNCTION gen_random_bytes(integer) RETURNS bytea LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.substring(pg_catalog.decode(pg_catalog.string_agg(pg_catalog.replace(
    pg_catalog.gen_random_uuid()::text, ''-'', ''''), ''''), ''hex'') FROM 1 FOR $1)
    FROM pg_catalog.generate_series(0, $1 / 16)';
CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
AS 'SELECT pg_catalog.gen_random_uuid()';
CREATE FUNCTION gen_salt(text) RETURNS text LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS 'SELECT ''$2a$06$'' || pg_catalog.substr(pg_catalog.md5(pg_catalog.random()::text), 1, 22)';
CREATE FUNCTION gen_salt(text, integer) RETURNS text LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS 'SELECT ''$2a$06$'' || pg_catalog.substr(pg_catalog.md5(pg_catalog.random()::text), 1, 22)';
CREATE FUNCTION crypt(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.substr($2, 1, 29) || pg_catalog.md5($1 || $2)';
CREATE FUNCTION encrypt(bytea, bytea, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT $1';
CREATE FUNCTION decrypt(bytea, bytea, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT $1';
CREATE FUNCTION encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION pgp_sym_encrypt(text, text) RETURNS bytea LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.convert_to($1, ''UTF8'')';
CREATE FUNCTION pgp_sym_encrypt(text, text, text) RETURNS bytea
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS 'SELECT pg_catalog.convert_to($1, ''UTF8'')';
CREATE FUNCTION pgp_sym_decrypt(bytea, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.convert_from($1, ''UTF8'')';
CREATE FUNCTION pgp_sym_decrypt(bytea, text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT pg_catalog.convert_from($1, ''UTF8'')';
CREATE FUNCTION armor(bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.encode($1, ''base64'')';
CREATE FUNCTION dearmor(text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT pg_catalog.decode($1, ''base64'')';
