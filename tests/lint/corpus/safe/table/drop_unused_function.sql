-- corpus: safe
DROP FUNCTION IF EXISTS legacy_total(bigint);
