CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE STATISTICS public.s (ndistinct) ON id, note FROM public.orders;
