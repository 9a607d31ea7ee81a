CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE UNIQUE INDEX i ON public.orders (note) NULLS NOT DISTINCT;
ALTER TABLE public.orders CLUSTER ON i;
