-- corpus: hazards=cannot-run-in-transaction
BEGIN;
CREATE INDEX CONCURRENTLY invoices_paid_on_idx ON invoices (paid_on);
COMMIT;
