CREATE TABLE public.a (x int, y int);
CREATE VIEW v WITH (security_invoker = on) AS SELECT x + 1 AS x FROM a;
