-- corpus: safe
CREATE SEQUENCE invoice_numbers START 10000;
ALTER SEQUENCE invoice_numbers CACHE 20;
