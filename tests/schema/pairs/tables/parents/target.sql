CREATE TABLE public.a (x int CONSTRAINT k CHECK (x > 0));
CREATE TABLE public.b (y int, x int CONSTRAINT k CHECK (x > 0));
ALTER TABLE public.b INHERIT public.a;
