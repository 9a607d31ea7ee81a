CREATE TABLE public.a (x int CHECK (x > 0), y text NOT NULL);
CREATE TABLE public.c (q int DEFAULT 4);
CREATE TABLE public.b (z int, x int DEFAULT 3) INHERITS (public.a, public.c);
CREATE TABLE public.e (y int, q int);
ALTER TABLE public.e INHERIT public.c;
