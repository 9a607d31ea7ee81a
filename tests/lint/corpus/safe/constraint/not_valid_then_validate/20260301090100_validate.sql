-- corpus: safe
ALTER TABLE line_items VALIDATE CONSTRAINT line_items_order_id_fkey;
