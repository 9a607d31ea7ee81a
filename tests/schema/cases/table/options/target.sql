CREATE TABLE a (x int) WITH (fillfactor = 70);
