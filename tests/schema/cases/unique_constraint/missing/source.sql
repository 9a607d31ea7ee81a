CREATE TABLE public.orders (id bigint NOT NULL, note text NOT NULL);
ALTER TABLE orders ADD CONSTRAINT u UNIQUE (note);
