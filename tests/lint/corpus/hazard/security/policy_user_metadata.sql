-- corpus: hazards=forgeable-policy layout=supabase
CREATE POLICY admins_write ON public.settings FOR UPDATE TO authenticated
    USING ((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');
