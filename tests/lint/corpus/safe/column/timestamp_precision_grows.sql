-- corpus: safe
ALTER TABLE customers ALTER COLUMN seen TYPE timestamp(6);
ALTER TABLE customers ALTER COLUMN seen TYPE timestamp;
