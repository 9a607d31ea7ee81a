-- corpus: hazards=blocking-index-drop
DROP INDEX idx_orders_legacy_status;
