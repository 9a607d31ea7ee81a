-- corpus: hazards=table-rewrite
ALTER TABLE customers ALTER COLUMN balance TYPE numeric(14, 4);
