-- corpus: hazards=not-null-scan
ALTER TABLE orders ALTER COLUMN shipping_address_id SET NOT NULL;
