-- corpus: safe
DO $$
BEGIN
    CREATE TABLE IF NOT EXISTS imports (id bigint PRIMARY KEY, done boolean);
    CREATE INDEX imports_open_idx ON imports (id) WHERE NOT done;
END
$$;
