CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
ALTER TABLE public.orders ADD CONSTRAINT c CHECK (id > 0);
