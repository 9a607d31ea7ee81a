-- corpus: safe
ALTER TABLE shops ALTER COLUMN title TYPE varchar(255);
