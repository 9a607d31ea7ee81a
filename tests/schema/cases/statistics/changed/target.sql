CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE STATISTICS public.s (ndistinct, mcv) ON id, note FROM public.orders;
ALTER STATISTICS public.s SET STATISTICS 100;
