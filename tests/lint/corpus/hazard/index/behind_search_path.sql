-- corpus: hazards=blocking-index-build
SET LOCAL search_path = billing;
CREATE TABLE credits (id bigint PRIMARY KEY);
CREATE INDEX invoices_due_idx ON invoices (due);
