-- =============================================================================
-- UP Migration
-- =============================================================================
-- One row for each probe of a service. A monitor writes them, an account reads
-- those of its own projects.

CREATE TABLE health_checks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    service text NOT NULL,
    is_healthy boolean NOT NULL,
    latency_ms bigint,
    checked_at timestamptz NOT NULL
);

CREATE INDEX health_checks_project_id_checked_at_idx
ON health_checks (project_id, checked_at DESC);

ALTER TABLE health_checks ENABLE ROW LEVEL SECURITY;

CREATE POLICY health_checks_read ON health_checks
FOR SELECT
USING (
    project_id IN (
        SELECT projects.id FROM projects
        WHERE projects.account_id = (SELECT current_account_id())
    )
);

CREATE POLICY health_checks_write ON health_checks
FOR INSERT
WITH CHECK (current_setting('app.role', true) = 'monitor');

-- =============================================================================
-- DOWN Migration (rollback)
-- =============================================================================
-- Loses the recorded probes; its index and policies go with the table.

DROP TABLE health_checks;
