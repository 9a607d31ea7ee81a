-- corpus: hazards=cannot-run
-- migrate-hooks: no-transaction
CREATE INDEX CONCURRENTLY readings_meter_idx ON readings (meter);
