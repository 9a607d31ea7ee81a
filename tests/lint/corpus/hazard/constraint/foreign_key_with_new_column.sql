-- corpus: hazards=foreign-key-scan
ALTER TABLE posts ADD COLUMN author_id bigint;
ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users ON DELETE SET NULL;
