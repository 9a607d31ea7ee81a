-- corpus: safe
-- Up Migration
CREATE TABLE vouchers (id bigint PRIMARY KEY, code text NOT NULL);
CREATE INDEX vouchers_code_idx ON vouchers (code);

-- Down Migration
DROP INDEX vouchers_code_idx;
DROP TABLE vouchers;
