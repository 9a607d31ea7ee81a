-- corpus: safe
ALTER TABLE users ADD COLUMN password_hash text, ADD COLUMN password_changed_at timestamptz;
COMMENT ON COLUMN users.password_hash IS 'argon2id; PASSWORD ''secret'' never stands here';
