CREATE OPERATOR FAMILY public.f USING btree;
ALTER OPERATOR FAMILY public.f USING btree ADD OPERATOR 1 <(int, int), FUNCTION 1 btint4cmp(int, int);
