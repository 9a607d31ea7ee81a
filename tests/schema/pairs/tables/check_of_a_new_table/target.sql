CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t ADD CONSTRAINT c CHECK (id > 0) NOT VALID;
