-- corpus: hazards=table-rewrite
ALTER TABLE customers ALTER COLUMN tier TYPE varchar(2);
