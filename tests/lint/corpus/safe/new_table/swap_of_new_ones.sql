-- corpus: safe
CREATE TABLE plan_new (id bigint PRIMARY KEY, name text);
INSERT INTO plan_new (id, name) VALUES (1, 'free');
DROP TABLE plan_new;
