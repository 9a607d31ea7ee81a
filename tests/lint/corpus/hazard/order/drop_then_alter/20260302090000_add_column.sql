-- corpus: safe
ALTER TABLE warehouses ADD COLUMN phone text;
