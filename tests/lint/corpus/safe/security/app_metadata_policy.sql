-- corpus: safe layout=supabase
CREATE POLICY settings_admin ON public.settings FOR UPDATE TO authenticated
    USING (((SELECT auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');
