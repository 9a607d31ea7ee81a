CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE RULE r AS ON INSERT TO public.t DO ALSO (SELECT 1; SELECT 2);
