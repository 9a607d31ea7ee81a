-- corpus: hazards=definer-search-path
CREATE FUNCTION public.promote(target bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
    UPDATE users SET is_admin = true WHERE id = target;
$$;
