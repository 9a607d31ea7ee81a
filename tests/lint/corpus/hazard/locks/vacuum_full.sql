-- corpus: hazards=exclusive-maintenance
-- migrate-hooks: no-transaction
VACUUM FULL ANALYZE public.events;
