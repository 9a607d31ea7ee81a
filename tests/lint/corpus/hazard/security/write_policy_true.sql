-- corpus: hazards=open-policy layout=supabase
CREATE TABLE public.comments (id bigint PRIMARY KEY, author uuid NOT NULL, body text);
ALTER TABLE public.comments ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Anyone can do everything" ON public.comments FOR ALL USING (true) WITH CHECK (true);
