CREATE TYPE public.m AS ENUM ('a', 'b');
CREATE TABLE public.t (x public.m DEFAULT 'a', y numeric(8, 1) DEFAULT 5);
