-- corpus: safe
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'returned';
