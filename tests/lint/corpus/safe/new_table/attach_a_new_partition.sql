-- corpus: safe
CREATE TABLE readings (device_id bigint NOT NULL, taken_at timestamptz NOT NULL) PARTITION BY RANGE (taken_at);
CREATE TABLE readings_2026_03 (LIKE readings INCLUDING ALL);
ALTER TABLE readings ATTACH PARTITION readings_2026_03 FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
