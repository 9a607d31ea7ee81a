-- corpus: hazards=secret-in-sql
CREATE ROLE reporter LOGIN PASSWORD 'Winter2024!';
