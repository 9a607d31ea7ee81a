CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE STATISTICS public."S x" ON (id + price), note FROM public.t;
ALTER STATISTICS public."S x" SET STATISTICS 5;
