CREATE TYPE fields AS (a int, "b, c" numeric(10, 2), d text);
CREATE TYPE turned AS (a int, b int);
CREATE TYPE of_table AS (a int);
CREATE TABLE typed OF of_table;
