CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE INDEX i ON public.t ((price + 1), (id * 2)) WITH (fillfactor = 70);
ALTER INDEX public.i ALTER COLUMN 2 SET STATISTICS 77;
