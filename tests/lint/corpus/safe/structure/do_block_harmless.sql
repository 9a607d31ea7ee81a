-- corpus: safe
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'readers') THEN
        CREATE ROLE readers NOLOGIN;
    END IF;
    RAISE NOTICE 'DROP TABLE orders; is only a message';
END
$$;
