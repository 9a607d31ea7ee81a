-- corpus: safe
CREATE TABLE search_documents (id bigint PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX search_documents_words_idx ON search_documents USING gin (words);
