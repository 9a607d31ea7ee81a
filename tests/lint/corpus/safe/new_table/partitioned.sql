-- corpus: safe
CREATE TABLE readings (
    device_id bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    value double precision,
    PRIMARY KEY (device_id, taken_at)
) PARTITION BY RANGE (taken_at);
CREATE TABLE readings_2026_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX readings_taken_at_idx ON readings (taken_at);
