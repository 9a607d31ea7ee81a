-- corpus: safe layout=supabase
CREATE TABLE public.albums (id bigint PRIMARY KEY, owner uuid NOT NULL);
ALTER TABLE public.albums ENABLE ROW LEVEL SECURITY;
