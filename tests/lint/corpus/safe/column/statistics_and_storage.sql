-- corpus: safe
ALTER TABLE customers ALTER COLUMN email SET STATISTICS 500;
