-- What a hosted Supabase project has beside what its owner makes, as far as a comparison meets it.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['anon', 'authenticated', 'service_role', 'dashboard_user', 'supabase_admin',
        'supabase_auth_admin', 'supabase_realtime_admin', 'supabase_storage_admin']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END
$$;
CREATE SCHEMA extensions;
CREATE SCHEMA auth AUTHORIZATION supabase_admin;
CREATE SCHEMA storage AUTHORIZATION supabase_admin;
CREATE SCHEMA realtime AUTHORIZATION supabase_admin;
CREATE SCHEMA graphql AUTHORIZATION supabase_admin;
CREATE SCHEMA graphql_public AUTHORIZATION supabase_admin;
CREATE SCHEMA vault AUTHORIZATION supabase_admin;
CREATE SCHEMA pgbouncer AUTHORIZATION supabase_admin;
CREATE SCHEMA supabase_subscription_mgmt AUTHORIZATION supabase_admin;
GRANT ALL ON SCHEMA extensions, auth, storage TO dashboard_user, postgres;
GRANT USAGE ON SCHEMA auth, extensions, realtime, graphql TO anon, authenticated, service_role;

CREATE TABLE auth.users (
    id uuid PRIMARY KEY, email text, raw_app_meta_data jsonb, raw_user_meta_data jsonb
);
CREATE TABLE auth.custom_oauth_providers (id uuid PRIMARY KEY);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
ALTER TABLE auth.users OWNER TO supabase_auth_admin;
CREATE TABLE storage.objects (id uuid PRIMARY KEY, bucket_id text, name text);
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
CREATE TABLE realtime.subscription (id bigint PRIMARY KEY);
CREATE FUNCTION supabase_subscription_mgmt.pause(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';

CREATE FUNCTION extensions.reload_watcher() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION extensions.drop_watcher() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
COMMENT ON FUNCTION extensions.reload_watcher() IS 'the provider''s';
CREATE EVENT TRIGGER reload_watch ON ddl_command_end EXECUTE FUNCTION extensions.reload_watcher();
CREATE EVENT TRIGGER drop_watch ON sql_drop EXECUTE FUNCTION extensions.drop_watcher();
ALTER FUNCTION extensions.drop_watcher() OWNER TO supabase_admin;

CREATE PUBLICATION supabase_realtime;
CREATE PUBLICATION supabase_realtime_messages_publication FOR TABLE realtime.subscription;
GRANT USAGE ON SCHEMA public TO postgres, anon, authenticated, service_role;
GRANT CREATE, USAGE ON SCHEMA public TO supabase_realtime_admin;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
GRANT ALL ON TABLES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
GRANT ALL ON FUNCTIONS TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
GRANT ALL ON SEQUENCES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public
GRANT ALL ON TABLES TO postgres, anon, authenticated, service_role;
