-- corpus: hazards=blocking-index-build
CREATE TABLE IF NOT EXISTS customers (id bigint PRIMARY KEY, name text);
CREATE INDEX customers_name_idx ON customers (name);
