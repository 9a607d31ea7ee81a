-- corpus: safe
DO $$
BEGIN
    CREATE TYPE public.channel AS ENUM ('mail', 'phone');
EXCEPTION
    WHEN duplicate_object THEN NULL;
END
$$;
