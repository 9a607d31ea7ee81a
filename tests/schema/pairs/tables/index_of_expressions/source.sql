CREATE TABLE public.t (id int NOT NULL, note text, price int);
