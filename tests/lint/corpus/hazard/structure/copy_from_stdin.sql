-- corpus: hazards=cannot-run
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
COPY countries (code, name) FROM stdin;
at	Austria
de	Germany
\.
