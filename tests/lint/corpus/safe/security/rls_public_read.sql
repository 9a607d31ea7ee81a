-- corpus: safe layout=supabase
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
ALTER TABLE public.countries ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Everybody reads countries" ON public.countries FOR SELECT USING (true);
