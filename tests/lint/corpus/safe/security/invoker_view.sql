-- corpus: safe layout=supabase
CREATE VIEW public.team_names WITH (security_invoker = true) AS SELECT id, name FROM public.teams;
