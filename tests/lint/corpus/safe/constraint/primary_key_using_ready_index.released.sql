CREATE TABLE ledgers (id bigint NOT NULL, name text);
CREATE UNIQUE INDEX ledgers_id_key ON ledgers (id);
