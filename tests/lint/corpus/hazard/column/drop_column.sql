-- corpus: hazards=dropped-data
ALTER TABLE users DROP COLUMN legacy_password_hash;
