-- corpus: safe
CREATE TEMPORARY TABLE batch_ids (id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE INDEX ON batch_ids (id);
TRUNCATE batch_ids;
