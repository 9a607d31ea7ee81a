CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE AGGREGATE of_all(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
