CREATE TABLE public.a (id int NOT NULL, c int, CONSTRAINT pk PRIMARY KEY (id) INCLUDE (c), UNIQUE (id));
CREATE TABLE public.b (a int REFERENCES public.a (id));
