-- corpus: safe
-- Up
ALTER TABLE customers ADD COLUMN vip boolean NOT NULL DEFAULT false;
-- Down
ALTER TABLE customers DROP COLUMN vip;
