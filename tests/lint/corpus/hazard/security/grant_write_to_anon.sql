-- corpus: hazards=open-grant layout=supabase
GRANT INSERT, UPDATE, DELETE ON public.orders TO anon;
