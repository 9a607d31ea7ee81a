CREATE TABLE public.t (id bigserial, x int);
