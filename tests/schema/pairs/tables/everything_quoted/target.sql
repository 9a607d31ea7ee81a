CREATE TABLE public."We ird ""x"", é." (
    "A""b" int PRIMARY KEY, "select" text DEFAULT 'it''s', "c,d" int CHECK ("c,d" > 0),
    "(e" int GENERATED ALWAYS AS IDENTITY, UNIQUE ("select", "c,d"));
CREATE INDEX "ON x" ON public."We ird ""x"", é." ("c,d");
CREATE VIEW public."V v" AS SELECT "A""b" FROM public."We ird ""x"", é.";
CREATE SEQUENCE public."S." OWNED BY public."We ird ""x"", é."."A""b";
CREATE STATISTICS public."s ON" ON "A""b", "c,d" FROM public."We ird ""x"", é.";
ALTER TABLE public."We ird ""x"", é." REPLICA IDENTITY USING INDEX "We ird ""x"", é._pkey";
