-- corpus: safe
ALTER TABLE products ADD CONSTRAINT products_size_known CHECK (size_mm IS NOT NULL) NOT ENFORCED;
