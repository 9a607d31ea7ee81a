CREATE TABLE public.t (id int4range, d daterange);
