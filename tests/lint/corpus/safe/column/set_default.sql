-- corpus: safe
ALTER TABLE customers ALTER COLUMN locale SET DEFAULT 'de';
