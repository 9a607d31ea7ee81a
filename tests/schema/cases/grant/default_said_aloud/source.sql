CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
GRANT SELECT ON public.orders TO reader;
REVOKE SELECT ON public.orders FROM reader;
CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION public.f TO PUBLIC;
