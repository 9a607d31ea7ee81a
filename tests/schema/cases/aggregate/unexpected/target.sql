CREATE AGGREGATE agg(int) (sfunc = int4pl, stype = int);
