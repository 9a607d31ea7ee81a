-- corpus: hazards=rls-without-policy severity=warning layout=supabase
CREATE TABLE public.drafts (id bigint PRIMARY KEY, body text);
ALTER TABLE public.drafts ENABLE ROW LEVEL SECURITY;
