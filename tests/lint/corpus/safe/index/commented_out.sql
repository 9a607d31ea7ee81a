-- corpus: safe
-- CREATE INDEX orders_slow_idx ON orders (note);
/* DROP INDEX orders_slow_idx; */
ALTER TABLE orders ADD COLUMN note text;
