CREATE TABLE public.a (x int);
