-- corpus: hazards=cannot-run
INSERT INTO tags (id, name) VALUES (1, 'it's new');
