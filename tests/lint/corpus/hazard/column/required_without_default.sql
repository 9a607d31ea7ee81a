-- corpus: hazards=required-column
ALTER TABLE customers ADD COLUMN country_code char(2) NOT NULL;
