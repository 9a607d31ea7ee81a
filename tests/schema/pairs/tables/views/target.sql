CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE RECURSIVE VIEW public.v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v WHERE n < 5;
CREATE VIEW public.w WITH (security_barrier) AS SELECT id FROM public.t WHERE id BETWEEN 3 AND 9 AND price > 3 WITH LOCAL CHECK OPTION;
CREATE VIEW public.o WITH (security_barrier = true) AS SELECT id FROM public.t;
