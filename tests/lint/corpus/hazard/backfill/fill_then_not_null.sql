-- corpus: hazards=ddl-with-backfill, not-null-scan
UPDATE orders SET currency = 'EUR' WHERE currency IS NULL;
ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;
