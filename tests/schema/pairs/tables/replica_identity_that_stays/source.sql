CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE UNIQUE INDEX i ON public.t (id);
ALTER TABLE public.t REPLICA IDENTITY USING INDEX i;
COMMENT ON INDEX public.i IS 'a';
