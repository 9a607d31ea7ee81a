-- corpus: safe
ALTER TABLE customers ADD COLUMN api_token uuid, ALTER COLUMN api_token SET DEFAULT gen_random_uuid();
