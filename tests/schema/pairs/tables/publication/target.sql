CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE TABLE public.a (id int PRIMARY KEY);
CREATE PUBLICATION its_own FOR TABLE public.a WHERE (id > 4), public.t (id);
