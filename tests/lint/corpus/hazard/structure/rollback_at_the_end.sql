-- corpus: hazards=transaction-control
BEGIN;
CREATE TABLE trial_run (id bigint PRIMARY KEY);
ROLLBACK;
