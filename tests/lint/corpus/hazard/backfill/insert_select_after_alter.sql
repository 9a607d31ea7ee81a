-- corpus: hazards=ddl-with-backfill
ALTER TABLE wallets ADD COLUMN opened_at timestamptz;
INSERT INTO wallets (user_id, balance_cents, opened_at)
SELECT id, 0, now() FROM users WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.user_id = users.id);
