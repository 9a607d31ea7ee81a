-- corpus: hazards=cannot-run
\restrict kLmNoPq3
CREATE TABLE colours (id bigint PRIMARY KEY);
\unrestrict kLmNoPq3
