-- corpus: hazards=table-rewrite
ALTER TABLE users ALTER COLUMN last_name TYPE text COLLATE "de-x-icu";
