-- corpus: hazards=dropped-data
DELETE FROM public.notifications WHERE true;
