-- corpus: safe
CREATE TABLE "carriers" (id bigint PRIMARY KEY, code text);
CREATE UNIQUE INDEX carriers_code_key ON CARRIERS (code);
ALTER TABLE Carriers ADD CONSTRAINT carriers_code_len CHECK (length(code) = 4);
