CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
GRANT SELECT ON public.orders TO PUBLIC;
ALTER TABLE public.orders OWNER TO writer;
