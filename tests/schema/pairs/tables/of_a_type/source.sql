CREATE TYPE public.k AS (a int, b text);
CREATE TABLE public.u (a int, b text);
