CREATE TABLE public.a (x bigint NOT NULL, n text DEFAULT 'a');
CREATE TABLE public.b (z int) INHERITS (public.a);
