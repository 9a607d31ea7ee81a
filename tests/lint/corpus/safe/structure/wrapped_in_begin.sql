-- corpus: safe
BEGIN;
CREATE TABLE hints (id bigint PRIMARY KEY, body text);
CREATE INDEX hints_body_idx ON hints (body);
COMMIT;
