-- corpus: safe
ALTER TABLE sales.quote RENAME COLUMN total TO total_cents;
