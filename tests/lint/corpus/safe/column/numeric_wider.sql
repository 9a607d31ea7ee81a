-- corpus: safe
ALTER TABLE offers ALTER COLUMN price TYPE numeric(14, 2);
