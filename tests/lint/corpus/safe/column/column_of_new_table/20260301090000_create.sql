-- corpus: safe
CREATE TABLE consents (id bigint PRIMARY KEY, user_id bigint, given text);
