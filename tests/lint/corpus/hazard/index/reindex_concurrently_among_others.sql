-- corpus: hazards=cannot-run-in-transaction
SELECT count(*) FROM pg_index WHERE NOT indisvalid;
REINDEX INDEX CONCURRENTLY sessions_token_idx;
