-- corpus: hazards=table-rewrite
ALTER TABLE articles
    ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED;
