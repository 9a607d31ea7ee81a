-- corpus: hazards=does-nothing
-- Up

-- Down
DROP TABLE tags;
