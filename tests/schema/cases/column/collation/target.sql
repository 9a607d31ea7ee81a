CREATE TABLE a (x text);
