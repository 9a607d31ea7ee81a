-- corpus: safe
INSERT INTO help_texts (topic, body) VALUES
    ('sql', 'Never run DROP TABLE users; or TRUNCATE orders CASCADE; by hand -- really'),
    ('psql', E'Type \\i file.sql to run a file; COMMIT; ends it');
