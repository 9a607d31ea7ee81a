CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE UNIQUE INDEX i ON public.t (id);
