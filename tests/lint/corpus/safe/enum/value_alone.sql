-- corpus: safe
ALTER TYPE order_status ADD VALUE 'on_hold' AFTER 'paid';
