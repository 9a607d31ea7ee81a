CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t SET (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 100, user_catalog_table = true);
