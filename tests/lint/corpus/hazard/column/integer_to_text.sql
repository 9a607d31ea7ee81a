-- corpus: hazards=table-rewrite
ALTER TABLE customers ALTER COLUMN id TYPE text;
