CREATE TYPE public.k AS (a int, b text);
CREATE TABLE public.u OF public.k;
CREATE TABLE public.t OF public.k (a WITH OPTIONS PRIMARY KEY, b WITH OPTIONS DEFAULT 'x' CHECK (b <> 'q'));
