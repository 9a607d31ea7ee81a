CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE MATERIALIZED VIEW public.v AS SELECT id FROM public.t;
CREATE UNIQUE INDEX ON public.v (id);
