CREATE TABLE public.orders (id bigint);
ALTER TABLE orders ADD note varchar(20) NOT NULL DEFAULT 'x';
