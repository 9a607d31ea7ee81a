-- corpus: safe
ALTER TABLE customers ALTER COLUMN locale DROP DEFAULT;
