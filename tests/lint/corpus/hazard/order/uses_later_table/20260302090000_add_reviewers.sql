-- corpus: safe
CREATE TABLE reviewers (id bigint PRIMARY KEY, name text NOT NULL);
