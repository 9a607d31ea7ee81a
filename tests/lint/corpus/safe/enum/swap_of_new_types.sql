-- corpus: safe
CREATE TYPE shade_2 AS ENUM ('dark', 'light');
ALTER TYPE shade_2 RENAME TO shade;
CREATE TABLE walls (id bigint PRIMARY KEY, shade shade NOT NULL);
