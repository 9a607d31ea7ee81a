-- corpus: safe
-- Up
COMMENT ON COLUMN customers.vip IS 'Set by sales';
-- Down
COMMENT ON COLUMN customers.vip IS NULL;
