CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE MATERIALIZED VIEW public.v WITH (fillfactor = 70) AS SELECT id FROM public.t;
CREATE UNIQUE INDEX i2 ON public.v (id);
