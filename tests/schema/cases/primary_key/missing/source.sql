CREATE TABLE public.orders (id bigint NOT NULL, note text NOT NULL);
ALTER TABLE orders ADD PRIMARY KEY (id);
