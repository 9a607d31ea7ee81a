-- corpus: safe
ALTER TABLE "customers" ADD COLUMN preferences jsonb NOT NULL DEFAULT '{"drop": ["table"], "truncate": true}'::jsonb;
