-- Requests get a number and go nowhere.
CREATE SCHEMA IF NOT EXISTS net;
CREATE SEQUENCE net.request_number;
CREATE FUNCTION net.http_post(
    url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
    headers jsonb DEFAULT '{"Content-Type": "application/json"}',
    timeout_milliseconds integer DEFAULT 5000
) RETURNS bigint LANGUAGE sql AS 'SELECT pg_catalog.nextval(''net.request_number'')';
CREATE FUNCTION net.http_get(
    url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
    timeout_milliseconds integer DEFAULT 5000
) RETURNS bigint LANGUAGE sql AS 'SELECT pg_catalog.nextval(''net.request_number'')';
CREATE FUNCTION net.http_delete(
    url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
    timeout_milliseconds integer DEFAULT 5000
) RETURNS bigint LANGUAGE sql AS 'SELECT pg_catalog.nextval(''net.request_number'')';
