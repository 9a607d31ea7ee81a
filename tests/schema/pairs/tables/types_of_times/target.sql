CREATE TABLE public.t (x date, y timestamptz, z interval);
