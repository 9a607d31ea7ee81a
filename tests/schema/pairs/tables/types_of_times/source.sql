CREATE TABLE public.t (x timestamp, y date, z time);
