-- corpus: hazards=managed-schema layout=supabase
CREATE TRIGGER on_object_created AFTER INSERT ON storage.objects
    FOR EACH ROW EXECUTE FUNCTION public.index_object();
ALTER TABLE auth.users ADD COLUMN nickname text;
