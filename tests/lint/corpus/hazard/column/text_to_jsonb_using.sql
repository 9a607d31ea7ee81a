-- corpus: hazards=table-rewrite
ALTER TABLE events ALTER COLUMN payload TYPE jsonb USING payload::jsonb;
