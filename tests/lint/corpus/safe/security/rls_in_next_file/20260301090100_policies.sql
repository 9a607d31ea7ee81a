-- corpus: safe layout=supabase
CREATE POLICY albums_owner ON public.albums FOR ALL TO authenticated
    USING ((SELECT auth.uid()) = owner) WITH CHECK ((SELECT auth.uid()) = owner);
