CREATE TABLE public.a (during int4range, other int4range);
