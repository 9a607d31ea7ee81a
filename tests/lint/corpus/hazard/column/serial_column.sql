-- corpus: hazards=table-rewrite
ALTER TABLE customers ADD COLUMN customer_number serial;
