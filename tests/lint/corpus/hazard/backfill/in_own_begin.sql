-- corpus: hazards=ddl-with-backfill
BEGIN;
ALTER TABLE crm.contacts ADD COLUMN phone_e164 text;
UPDATE crm.contacts c SET phone_e164 = '+' || c.country_prefix || ltrim(c.phone, '0') WHERE c.phone IS NOT NULL;
COMMIT;
