-- corpus: safe layout=supabase
CREATE SCHEMA private;
CREATE TABLE private.job_state (id bigint PRIMARY KEY, state text);
