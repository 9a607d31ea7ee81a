-- corpus: safe
-- migrate-hooks: no-transaction
ALTER TABLE readings DETACH PARTITION readings_2019_01 CONCURRENTLY;
