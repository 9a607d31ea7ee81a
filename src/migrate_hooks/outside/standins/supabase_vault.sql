-- Secrets are not encrypted: what a scratch database is given is no secret.
CREATE SCHEMA IF NOT EXISTS vault;
CREATE TABLE vault.secrets (
    id uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    name text,
    description text NOT NULL DEFAULT '',
    secret text NOT NULL,
    key_id uuid,
    nonce bytea,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE VIEW vault.decrypted_secrets AS
SELECT id, name, description, secret, secret AS decrypted_secret, key_id, nonce, created_at, updated_at
FROM vault.secrets;
CREATE FUNCTION vault.create_secret(
    new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '',
    new_key_id uuid DEFAULT NULL
) RETURNS uuid LANGUAGE sql AS
'INSERT INTO vault.secrets (secret, name, description) VALUES ($1, $2, $3) RETURNING id';
CREATE FUNCTION vault.update_secret(
    secret_id uuid, new_secret text DEFAULT NULL, new_name text DEFAULT NULL,
    new_description text DEFAULT NULL, new_key_id uuid DEFAULT NULL
) RETURNS void LANGUAGE sql AS
'UPDATE vault.secrets SET secret = COALESCE($2, secret) WHERE id = $1';
