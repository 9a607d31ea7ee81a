-- corpus: hazards=exclusive-maintenance
CLUSTER orders USING orders_created_at_idx;
