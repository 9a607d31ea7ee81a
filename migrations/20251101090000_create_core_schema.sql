-- =============================================================================
-- UP Migration
-- =============================================================================
-- Accounts own projects, projects hold tasks. Every table is behind row level
-- security from its first day: a session sees the account that it names in the
-- setting app.account_id, and nothing when it names none.

CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_name_not_blank CHECK (btrim(name) <> '')
);

CREATE TABLE projects (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT projects_account_id_name_key UNIQUE (account_id, name)
);

CREATE TYPE task_status AS ENUM ('open', 'started', 'done');

CREATE TABLE tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    title text NOT NULL,
    status task_status NOT NULL DEFAULT 'open',
    due_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX tasks_project_id_status_idx ON tasks (project_id, status);

CREATE FUNCTION current_account_id() RETURNS bigint
LANGUAGE sql STABLE
SET search_path = ''
AS $$ SELECT nullif(current_setting('app.account_id', true), '')::bigint $$;

CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER tasks_touch_updated_at
BEFORE UPDATE ON tasks
FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;

CREATE POLICY accounts_own ON accounts
USING (id = (SELECT current_account_id()));

CREATE POLICY projects_own ON projects
USING (account_id = (SELECT current_account_id()));

CREATE POLICY tasks_own ON tasks
USING (
    project_id IN (
        SELECT projects.id FROM projects
        WHERE projects.account_id = (SELECT current_account_id())
    )
);

-- =============================================================================
-- DOWN Migration (rollback)
-- =============================================================================
-- Loses every account, project and task: take a backup before you run it.

DROP TABLE tasks;
DROP TABLE projects;
DROP TABLE accounts;
DROP FUNCTION touch_updated_at();
DROP FUNCTION current_account_id();
DROP TYPE task_status;
