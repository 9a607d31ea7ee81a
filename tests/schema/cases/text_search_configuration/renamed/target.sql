CREATE TEXT SEARCH CONFIGURATION public.d (COPY = pg_catalog.simple);
