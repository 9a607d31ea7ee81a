CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE STATISTICS public.s ON (id + price), note FROM public.t;
