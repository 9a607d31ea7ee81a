CREATE TABLE public.t (id int4range, d daterange, PRIMARY KEY (id, d WITHOUT OVERLAPS));
