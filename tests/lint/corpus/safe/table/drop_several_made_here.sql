-- corpus: safe
CREATE TABLE stage_one (id bigint PRIMARY KEY);
CREATE TABLE stage_two (id bigint REFERENCES stage_one);
ALTER TABLE stage_two RENAME TO stage_three;
ALTER TABLE stage_three DROP COLUMN id;
DROP TABLE stage_three, stage_one CASCADE;
