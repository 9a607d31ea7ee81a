-- corpus: hazards=exclusive-lock-held severity=warning
ALTER TABLE orders ADD COLUMN region text;
CREATE MATERIALIZED VIEW orders_by_day AS
    SELECT date_trunc('day', created_at) AS day, count(*) AS orders FROM orders GROUP BY 1;
