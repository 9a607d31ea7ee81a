-- corpus: hazards=explicit-lock
LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE;
INSERT INTO accounts (name) VALUES ('house');
