-- corpus: hazards=ddl-with-backfill
ALTER TABLE users ADD COLUMN display_name text;
UPDATE users SET display_name = first_name || ' ' || last_name;
