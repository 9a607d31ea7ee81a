CREATE TYPE public.m AS ENUM ('a', 'b');
CREATE TABLE public.t (x text DEFAULT 'a', y int);
