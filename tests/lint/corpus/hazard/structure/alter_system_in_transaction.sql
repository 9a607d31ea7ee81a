-- corpus: hazards=cannot-run-in-transaction
COMMENT ON DATABASE shop IS 'The shop';
ALTER SYSTEM SET max_parallel_workers = 4;
