CREATE TABLE public.t (x numeric(10, 2), y numeric, z real);
