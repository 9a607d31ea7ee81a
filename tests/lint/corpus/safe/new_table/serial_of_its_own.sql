-- corpus: safe
CREATE TABLE audit_trail (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    token uuid NOT NULL DEFAULT gen_random_uuid(),
    what text NOT NULL
);
