CREATE TABLE public.t (a smallint DEFAULT 3, b int, c int GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX i ON public.t (c);
