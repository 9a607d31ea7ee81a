-- corpus: hazards=slow-policy severity=warning layout=supabase
CREATE TABLE public.photos (id bigint PRIMARY KEY, owner uuid NOT NULL);
ALTER TABLE public.photos ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_photos ON public.photos FOR SELECT TO authenticated USING (auth.uid() = owner);
