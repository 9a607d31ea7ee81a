CREATE TABLE public.orders (id bigint);
ALTER TABLE orders ADD note text;
