-- corpus: hazards=secret-in-sql
CREATE FUNCTION notify_backend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM net.http_post(
        url := 'https://example.test/hook',
        headers := '{"Authorization": "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2ln"}'::jsonb
    );
    RETURN NEW;
END
$$;
