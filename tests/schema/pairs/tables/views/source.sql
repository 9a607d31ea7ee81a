CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE VIEW public.o AS SELECT id FROM public.t;
