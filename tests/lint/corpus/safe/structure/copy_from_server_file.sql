-- corpus: safe
CREATE TABLE postcodes (code text PRIMARY KEY, place text NOT NULL);
COPY postcodes (code, place) FROM '/srv/import/postcodes.csv' WITH (FORMAT csv, HEADER);
