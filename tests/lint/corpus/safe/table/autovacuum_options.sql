-- corpus: safe
ALTER TABLE events SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 90);
