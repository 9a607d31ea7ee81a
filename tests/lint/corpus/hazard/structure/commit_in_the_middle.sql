-- corpus: hazards=transaction-control
CREATE TABLE first_half (id bigint PRIMARY KEY);
COMMIT;
CREATE TABLE second_half (id bigint PRIMARY KEY);
