CREATE TEXT SEARCH DICTIONARY public.e (TEMPLATE = pg_catalog.simple);
