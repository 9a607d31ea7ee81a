CREATE TABLE public.a (id int NOT NULL, c int NOT NULL);
CREATE UNIQUE INDEX u ON public.a (id, c);
CREATE TABLE public.b (a int, c int, CONSTRAINT f FOREIGN KEY (a, c) REFERENCES public.a (id, c));
