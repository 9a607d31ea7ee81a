-- corpus: hazards=blocking-index-build
ALTER TABLE invoices ADD COLUMN reminded_at timestamptz;
CREATE INDEX invoices_reminded_at_idx ON invoices (reminded_at) WHERE reminded_at IS NOT NULL;
