CREATE DOMAIN "a, b" AS text CONSTRAINT "not, so" CHECK (VALUE <> ',') CONSTRAINT gone CHECK (VALUE <> 'a');
CREATE DOMAIN doubtful AS int;
ALTER DOMAIN doubtful ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
CREATE DOMAIN checked AS int CONSTRAINT positive CHECK (VALUE > 0);
CREATE DOMAIN wider AS numeric(10, 2) DEFAULT 1;
CREATE TABLE uses (a "a, b", b doubtful);
