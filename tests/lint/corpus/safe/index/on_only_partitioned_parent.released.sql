CREATE TABLE readings (taken_at timestamptz NOT NULL, meter bigint) PARTITION BY RANGE (taken_at);
