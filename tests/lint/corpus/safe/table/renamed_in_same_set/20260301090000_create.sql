-- corpus: safe
CREATE TABLE sales.quote (id bigint PRIMARY KEY, total bigint);
