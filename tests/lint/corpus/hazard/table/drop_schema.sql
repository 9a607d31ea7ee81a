-- corpus: hazards=dropped-data, cascade
DROP SCHEMA reporting CASCADE;
