-- corpus: hazards=cannot-run-in-transaction
CREATE ROLE reporting NOLOGIN;
CREATE DATABASE reporting OWNER reporting;
