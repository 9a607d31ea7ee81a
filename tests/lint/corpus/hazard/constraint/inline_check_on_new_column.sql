-- corpus: hazards=constraint-scan
ALTER TABLE products ADD COLUMN discount_percent smallint DEFAULT 0 CHECK (discount_percent BETWEEN 0 AND 100);
