CREATE TABLE public.orders (id bigint NOT NULL, note text NOT NULL);
ALTER TABLE orders ADD CONSTRAINT pk PRIMARY KEY (id);
