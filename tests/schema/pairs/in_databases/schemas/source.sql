CREATE SCHEMA app;
REVOKE ALL ON SCHEMA app FROM postgres;
GRANT USAGE ON SCHEMA app TO postgres;
CREATE TYPE app.mood AS ENUM ('a');
CREATE TABLE app.people (mood app.mood, name text);
CREATE PUBLICATION stays;
