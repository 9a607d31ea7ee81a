-- corpus: safe layout=supabase
CREATE TABLE public.tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    what text NOT NULL
);
CREATE INDEX tasks_owner_idx ON public.tasks (owner);
ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY tasks_select ON public.tasks FOR SELECT TO authenticated USING ((SELECT auth.uid()) = owner);
CREATE POLICY tasks_insert ON public.tasks FOR INSERT TO authenticated WITH CHECK ((SELECT auth.uid()) = owner);
