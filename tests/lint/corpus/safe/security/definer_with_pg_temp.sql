-- corpus: safe
CREATE OR REPLACE FUNCTION app.log_login(who bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS $$
BEGIN
    INSERT INTO app.logins (user_id) VALUES (who);
END
$$;
