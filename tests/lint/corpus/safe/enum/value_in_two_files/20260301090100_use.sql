-- corpus: safe
UPDATE orders SET status = 'returned' WHERE id = 4711;
