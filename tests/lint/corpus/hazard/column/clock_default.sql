-- corpus: hazards=table-rewrite
ALTER TABLE customers ADD COLUMN seen_at timestamptz DEFAULT clock_timestamp();
