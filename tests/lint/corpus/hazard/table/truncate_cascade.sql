-- corpus: hazards=dropped-data, cascade
TRUNCATE orders RESTART IDENTITY CASCADE;
