CREATE TYPE public.pair AS (a int, b int);
CREATE FUNCTION public.f(public.pair) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE CAST (public.pair AS int) WITH FUNCTION public.f AS ASSIGNMENT;
