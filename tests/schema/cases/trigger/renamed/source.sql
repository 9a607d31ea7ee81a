CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE TRIGGER one BEFORE INSERT ON public.orders EXECUTE FUNCTION public.f();
