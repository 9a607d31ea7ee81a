CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
