-- corpus: hazards=invalid-index-kept severity=warning
-- migrate-hooks: no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_reference_idx ON payments (reference);
