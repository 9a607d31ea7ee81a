-- corpus: hazards=ddl-with-backfill
ALTER TABLE documents ADD COLUMN word_count integer;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT id, body FROM documents LOOP
        UPDATE documents SET word_count = array_length(regexp_split_to_array(one.body, '\s+'), 1) WHERE id = one.id;
    END LOOP;
END
$$;
