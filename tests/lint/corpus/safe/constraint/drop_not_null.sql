-- corpus: safe
ALTER TABLE customers ALTER COLUMN fax DROP NOT NULL;
