CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE TABLE public.lines (o int);
ALTER TABLE public.lines ADD CONSTRAINT fk FOREIGN KEY (o) REFERENCES public.orders (id) NOT VALID;
