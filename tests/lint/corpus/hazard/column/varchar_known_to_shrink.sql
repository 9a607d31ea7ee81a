-- corpus: hazards=narrowed-type
ALTER TABLE customers ALTER COLUMN name TYPE varchar(60);
