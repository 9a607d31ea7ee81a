CREATE TABLE public.a (x int, y int);
CREATE VIEW v AS SELECT x FROM a;
