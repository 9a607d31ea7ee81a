-- corpus: safe
ALTER TABLE customers ADD COLUMN middle_name text;
