-- corpus: hazards=cannot-run-in-transaction
CREATE TABLE vacuumed (id bigint PRIMARY KEY);
VACUUM ANALYZE orders;
