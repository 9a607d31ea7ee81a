CREATE TABLE public.t (x json);
