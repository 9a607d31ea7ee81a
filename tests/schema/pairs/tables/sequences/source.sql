CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE SEQUENCE public.s;
CREATE SEQUENCE public.r;
