-- corpus: safe
CREATE TABLE readings_2027_01 PARTITION OF readings FOR VALUES FROM ('2027-01-01') TO ('2027-02-01');
