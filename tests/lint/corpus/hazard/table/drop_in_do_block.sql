-- corpus: hazards=dropped-data
DO $body$
BEGIN
    DROP TABLE IF EXISTS temp_import_2019;
    ALTER TABLE customers DROP COLUMN import_id;
END;
$body$ LANGUAGE plpgsql;
