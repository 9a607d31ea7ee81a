CREATE TABLE public.a (id int NOT NULL, c int NOT NULL);
ALTER TABLE public.a ADD CONSTRAINT u UNIQUE (id, c);
CREATE TABLE public.b (a int, c int, CONSTRAINT f FOREIGN KEY (a, c) REFERENCES public.a (id, c));
