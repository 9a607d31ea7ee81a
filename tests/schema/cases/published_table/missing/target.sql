CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE PUBLICATION p;
