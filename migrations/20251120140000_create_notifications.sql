-- =============================================================================
-- UP Migration
-- =============================================================================
-- What an account is told. The partial index serves the only frequent question:
-- "what have I not read yet?"

CREATE TABLE notifications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    task_id bigint REFERENCES tasks (id) ON DELETE SET NULL,
    subject text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    CONSTRAINT notifications_read_after_created CHECK (read_at >= created_at)
);

CREATE INDEX notifications_unread_idx
ON notifications (account_id, created_at)
WHERE read_at IS NULL;

CREATE INDEX notifications_task_id_idx ON notifications (task_id);

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY notifications_own ON notifications
USING (account_id = (SELECT current_account_id()));

COMMENT ON TABLE notifications IS 'What an account is told, read or not.';

-- =============================================================================
-- DOWN Migration (rollback)
-- =============================================================================
-- Loses the notifications; indexes, policy and comment go with the table.

DROP TABLE notifications;
