-- =============================================================================
-- UP Migration
-- =============================================================================
-- A monitor that sent no time was refused, and one with a wrong clock wrote
-- negative latencies. The check is NOT VALID, so that no row is read under a
-- lock; old rows are corrected and the check is validated in later migrations.

ALTER TABLE health_checks
ALTER COLUMN checked_at SET DEFAULT now();

ALTER TABLE health_checks
ADD CONSTRAINT health_checks_latency_ms_check CHECK (latency_ms >= 0) NOT VALID;

-- =============================================================================
-- DOWN Migration (rollback)
-- =============================================================================

ALTER TABLE health_checks
DROP CONSTRAINT health_checks_latency_ms_check;

ALTER TABLE health_checks
ALTER COLUMN checked_at DROP DEFAULT;
