-- corpus: safe
ALTER TABLE public.consents DROP COLUMN given, ADD COLUMN given_at timestamptz NOT NULL;
CREATE INDEX consents_user_id_idx ON consents (user_id);
