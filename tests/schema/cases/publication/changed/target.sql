CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE PUBLICATION p WITH (publish = 'insert, update', publish_via_partition_root = true);
