CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE TABLE public.lines (o int CONSTRAINT fk REFERENCES public.orders (id) DEFERRABLE);
