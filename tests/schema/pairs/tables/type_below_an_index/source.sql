CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE INDEX i ON public.t (id) WHERE price > 4;
ALTER TABLE public.t ADD CHECK (id > 4);
