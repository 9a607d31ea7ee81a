CREATE TABLE public.orders (id bigint NOT NULL, note text NOT NULL);
CREATE UNIQUE INDEX i ON orders (note) WHERE id > 0;
