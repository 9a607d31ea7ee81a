-- corpus: safe
CREATE TABLE boxes (
    width integer NOT NULL,
    depth integer NOT NULL,
    area integer GENERATED ALWAYS AS (width * depth) STORED
);
