-- corpus: hazards=foreign-key-scan, constraint-scan
ALTER TABLE line_items
    ADD CONSTRAINT line_items_order_fk FOREIGN KEY (order_id) REFERENCES orders (id),
    ADD CONSTRAINT line_items_quantity_check CHECK (quantity > 0);
