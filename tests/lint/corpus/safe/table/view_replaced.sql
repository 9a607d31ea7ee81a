-- corpus: safe
CREATE OR REPLACE VIEW open_orders AS
    SELECT id, customer_id, placed_at FROM orders WHERE state NOT IN ('closed', 'deleted', 'dropped');
