CREATE TABLE public.a (x int);
CREATE TABLE public.b (z int) INHERITS (public.a);
