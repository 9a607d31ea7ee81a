CREATE TABLE public.t (a int DEFAULT 3, b int, c int GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX i ON public.t (c);
