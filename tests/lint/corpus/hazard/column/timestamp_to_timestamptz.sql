-- corpus: hazards=table-rewrite
ALTER TABLE users ALTER COLUMN created_at SET DATA TYPE timestamptz USING created_at AT TIME ZONE 'UTC';
