-- corpus: hazards=enum-value-used
ALTER TYPE public.plan ADD VALUE IF NOT EXISTS 'trial' BEFORE 'basic';
ALTER TABLE accounts ALTER COLUMN plan SET DEFAULT 'trial'::public.plan;
