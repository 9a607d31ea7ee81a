-- corpus: hazards=constraint-scan
ALTER TABLE products ADD CONSTRAINT products_price_positive CHECK (price_cents > 0);
