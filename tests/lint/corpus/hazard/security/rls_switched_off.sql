-- corpus: hazards=table-without-rls layout=supabase
ALTER TABLE public.profiles DISABLE ROW LEVEL SECURITY;
