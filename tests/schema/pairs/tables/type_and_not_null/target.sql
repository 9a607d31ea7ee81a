CREATE TABLE public.t (x jsonb NOT NULL);
