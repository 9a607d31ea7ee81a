-- corpus: safe
CREATE UNIQUE INDEX CONCURRENTLY users_email_lower_key ON public.users (lower(email));
