-- corpus: hazards=view-bypasses-rls layout=supabase
CREATE VIEW public.member_list AS SELECT id, email, full_name FROM public.profiles;
