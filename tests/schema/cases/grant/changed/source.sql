CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
GRANT SELECT ON public.orders TO reader;
GRANT UPDATE (note) ON public.orders TO reader;
