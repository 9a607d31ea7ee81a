-- corpus: hazards=cannot-run-in-transaction
ALTER TABLE invoices ADD COLUMN due_on date;
CREATE INDEX CONCURRENTLY invoices_due_on_idx ON invoices (due_on);
