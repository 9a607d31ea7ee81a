CREATE TABLE public.u (a text, b numeric, c int);
