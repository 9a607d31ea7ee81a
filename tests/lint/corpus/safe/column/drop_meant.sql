-- corpus: safe
-- Unused since release 41; the backup is in the vault.
-- squawk-ignore ban-drop-column
ALTER TABLE customers DROP COLUMN telex;
