CREATE TABLE public.a (id int NOT NULL, k int, CONSTRAINT pk PRIMARY KEY (id) INCLUDE (k));
CREATE TABLE public.b (a int REFERENCES public.a (id));
