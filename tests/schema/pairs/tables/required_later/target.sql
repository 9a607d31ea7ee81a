CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t ADD CONSTRAINT q NOT NULL note NOT VALID;
