-- corpus: safe
CREATE TABLE skills (id bigint);
ALTER TABLE skills ADD COLUMN name text NOT NULL;
ALTER TABLE skills ADD COLUMN level integer NOT NULL DEFAULT 1;
ALTER TABLE skills ADD PRIMARY KEY (id);
ALTER TABLE skills RENAME COLUMN level TO rank;
ALTER TABLE skills ALTER COLUMN rank TYPE smallint;
