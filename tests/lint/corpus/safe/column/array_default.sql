-- corpus: safe
ALTER TABLE customers ADD COLUMN tags text[] NOT NULL DEFAULT ARRAY[]::text[];
