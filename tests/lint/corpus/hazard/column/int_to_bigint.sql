-- corpus: hazards=table-rewrite
ALTER TABLE events ALTER COLUMN id TYPE bigint;
