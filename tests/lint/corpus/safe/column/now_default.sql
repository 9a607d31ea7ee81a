-- corpus: safe
-- now() is stable: evaluated once, kept in the catalog.
ALTER TABLE customers ADD COLUMN joined_at timestamptz NOT NULL DEFAULT now();
