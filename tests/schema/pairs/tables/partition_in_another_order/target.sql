CREATE TABLE public.p (d date NOT NULL, x int, z int) PARTITION BY RANGE (d);
CREATE TABLE public.p1 (x int, d date NOT NULL, z int);
ALTER TABLE public.p ATTACH PARTITION public.p1 DEFAULT;
