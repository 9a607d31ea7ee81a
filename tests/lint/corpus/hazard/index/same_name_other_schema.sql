-- corpus: hazards=blocking-index-build
-- The new table has the old one's name, in another schema.
CREATE SCHEMA archive;
CREATE TABLE archive.events (id bigint PRIMARY KEY, body jsonb);
CREATE INDEX events_body_idx ON public.events USING gin (body);
