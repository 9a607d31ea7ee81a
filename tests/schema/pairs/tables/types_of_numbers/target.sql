CREATE TABLE public.t (x numeric(8, 1), y int, z double precision);
