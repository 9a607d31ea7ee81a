-- corpus: hazards=cannot-run-in-transaction
COMMENT ON TABLE sessions IS 'One row for each browser';
DROP INDEX CONCURRENTLY sessions_token_old_idx;
