-- corpus: hazards=dropped-data, cascade
DROP TABLE customers CASCADE;
