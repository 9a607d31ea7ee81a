CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
GRANT SELECT, INSERT ON public.orders TO reader WITH GRANT OPTION;
