-- corpus: safe
-- Up
ALTER TABLE queues DROP CONSTRAINT IF EXISTS queues_company_once;
ALTER TABLE queues ADD CONSTRAINT queues_company_ok CHECK (company_id > 0) NOT VALID;
