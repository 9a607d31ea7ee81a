-- corpus: hazards=ddl-with-backfill
ALTER TABLE orders ADD COLUMN total_cents bigint;
WITH sums AS (
    SELECT order_id, sum(quantity * price_cents) AS total FROM line_items GROUP BY order_id
)
UPDATE orders o SET total_cents = sums.total FROM sums WHERE sums.order_id = o.id;
