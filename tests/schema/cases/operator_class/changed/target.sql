CREATE OPERATOR FAMILY public.f USING btree;
CREATE OPERATOR FAMILY public.g USING btree;
CREATE OPERATOR CLASS public.c FOR TYPE bigint USING btree FAMILY public.f AS FUNCTION 1 btint8cmp(bigint, bigint);
