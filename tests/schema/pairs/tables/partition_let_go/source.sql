CREATE TABLE public.p (d date NOT NULL, x int, z int) PARTITION BY RANGE (d);
CREATE TABLE public.p1 PARTITION OF public.p DEFAULT;
