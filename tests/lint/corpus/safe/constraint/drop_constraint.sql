-- corpus: safe
ALTER TABLE products DROP CONSTRAINT products_legacy_check;
