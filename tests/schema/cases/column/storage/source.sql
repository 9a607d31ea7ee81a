CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
ALTER TABLE public.orders ALTER note SET STORAGE EXTERNAL, ALTER note SET STATISTICS 500, ALTER note SET COMPRESSION pglz;
