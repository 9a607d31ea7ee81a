-- corpus: hazards=dropped-data, cascade
ALTER TABLE users DROP COLUMN IF EXISTS full_name CASCADE;
