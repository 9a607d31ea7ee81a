CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t ADD CONSTRAINT c CHECK (id > 0) NOT VALID;
ALTER TABLE public.t ADD CONSTRAINT n CHECK (id > 1) NO INHERIT;
ALTER TABLE public.t ALTER note TYPE varchar;
ALTER TABLE public.t ADD CHECK (note IN ('a', 'b') AND id BETWEEN 1 AND 4 AND price > 1);
