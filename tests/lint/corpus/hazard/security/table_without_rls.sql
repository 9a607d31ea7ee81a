-- corpus: hazards=table-without-rls layout=supabase
CREATE TABLE public.notes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner uuid NOT NULL REFERENCES auth.users (id),
    body text NOT NULL
);
