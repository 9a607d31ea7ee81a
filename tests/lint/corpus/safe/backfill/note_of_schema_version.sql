-- corpus: safe
ALTER TABLE feeds ADD COLUMN icon text;
UPDATE app_version SET schema_version = 42;
