-- corpus: hazards=not-null-scan, table-rewrite, several-alters
ALTER TABLE profiles ALTER COLUMN city SET NOT NULL;
ALTER TABLE profiles ALTER COLUMN visits TYPE bigint;
