CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
SET allow_system_table_mods = on;
INSERT INTO pg_seclabel VALUES ('public.orders'::regclass, 'pg_class'::regclass, 0, 'selinux', 'b');
