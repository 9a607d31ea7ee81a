-- corpus: hazards=policy-without-rls layout=supabase
CREATE TABLE public.todos (id bigint PRIMARY KEY, owner uuid NOT NULL, what text);
CREATE POLICY own_todos ON public.todos FOR ALL USING ((SELECT auth.uid()) = owner);
