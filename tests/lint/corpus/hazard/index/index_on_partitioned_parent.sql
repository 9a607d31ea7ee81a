-- corpus: hazards=blocking-index-build
-- measurements has 60 monthly partitions.
CREATE INDEX measurements_device_id_idx ON measurements (device_id, taken_at DESC);
