CREATE TABLE public.a (id int PRIMARY KEY);
CREATE TABLE public.b (x int CONSTRAINT f REFERENCES public.a, y int CONSTRAINT g REFERENCES public.a);
