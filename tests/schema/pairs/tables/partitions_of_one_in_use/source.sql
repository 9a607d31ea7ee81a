CREATE TABLE public.p (d date NOT NULL, x int CHECK (x > 0), z int) PARTITION BY RANGE (d);
CREATE INDEX ON public.p (x);
