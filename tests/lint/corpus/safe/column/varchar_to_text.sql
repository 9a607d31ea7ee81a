-- corpus: safe
ALTER TABLE customers ALTER COLUMN company TYPE text;
