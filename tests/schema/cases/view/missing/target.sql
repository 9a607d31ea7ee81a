CREATE TABLE public.a (x int, y int);
