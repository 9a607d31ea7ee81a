-- corpus: hazards=dropped-data
DROP TABLE IF EXISTS public.sessions_old;
