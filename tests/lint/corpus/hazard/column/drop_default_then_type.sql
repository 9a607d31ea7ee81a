-- corpus: hazards=table-rewrite
ALTER TABLE settings
    ALTER COLUMN flags DROP DEFAULT,
    ALTER COLUMN flags TYPE integer[] USING ARRAY[flags],
    ALTER COLUMN flags SET DEFAULT '{}';
