CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = pg_catalog.simple);
