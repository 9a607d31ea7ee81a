-- UP Migration
-- A function that clients call. SECURITY INVOKER keeps row level security in
-- force; the empty search_path makes every name mean what it says, so tables are
-- written with their schema.

CREATE FUNCTION public.count_example_table(since timestamptz)
RETURNS bigint
LANGUAGE sql STABLE
SECURITY INVOKER
SET search_path = ''
AS $$
    SELECT count(*) FROM public.example_table WHERE created_at >= since;
$$;

COMMENT ON FUNCTION public.count_example_table(timestamptz) IS 'Say what it answers, and to whom.';

-- Everybody may execute a new function; take that away, then name who may.
REVOKE EXECUTE ON FUNCTION public.count_example_table(timestamptz) FROM public;
-- GRANT EXECUTE ON FUNCTION public.count_example_table(timestamptz) TO authenticated;

-- Checklist
--   [ ] STABLE or IMMUTABLE only if it changes nothing.
--   [ ] SECURITY DEFINER only with an empty search_path and a check of who asks.

-- DOWN Migration (rollback)
-- Had the function an older form, put that one back with CREATE OR REPLACE.

DROP FUNCTION public.count_example_table(timestamptz);
