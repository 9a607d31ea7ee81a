-- corpus: safe
CREATE TABLE currencies (code text PRIMARY KEY, digits smallint NOT NULL);
INSERT INTO currencies (code, digits) VALUES ('EUR', 2), ('JPY', 0), ('KWD', 3);
UPDATE currencies SET digits = 2 WHERE code = 'EUR';
