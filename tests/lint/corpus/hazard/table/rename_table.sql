-- corpus: hazards=broken-running-code
ALTER TABLE line_items RENAME TO order_lines;
