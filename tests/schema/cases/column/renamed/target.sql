CREATE TABLE public.a (key int);
