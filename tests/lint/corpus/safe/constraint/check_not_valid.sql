-- corpus: safe
ALTER TABLE products ADD CONSTRAINT products_weight_positive CHECK (weight_grams > 0) NOT VALID;
