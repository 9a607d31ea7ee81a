CREATE FUNCTION public.eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
