-- corpus: safe
ALTER TABLE customers ALTER COLUMN id SET NOT NULL;
