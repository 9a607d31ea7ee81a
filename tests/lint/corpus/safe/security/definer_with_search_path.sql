-- corpus: safe
CREATE FUNCTION public.is_member(team bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT FROM public.memberships WHERE team_id = team AND user_id = auth.uid());
$$;
REVOKE EXECUTE ON FUNCTION public.is_member(bigint) FROM PUBLIC;
