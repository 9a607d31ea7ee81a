CREATE TABLE public.a (during int4range, other int4range);
ALTER TABLE a ADD CONSTRAINT e EXCLUDE USING gist (during WITH &&);
