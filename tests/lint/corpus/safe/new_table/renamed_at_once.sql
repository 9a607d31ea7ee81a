-- corpus: safe
CREATE TABLE badge (id bigint PRIMARY KEY, name text);
ALTER TABLE badge RENAME TO badges;
CREATE INDEX badges_name_idx ON badges (name);
