-- corpus: safe
CREATE INDEX readings_meter_idx ON ONLY readings (meter);
