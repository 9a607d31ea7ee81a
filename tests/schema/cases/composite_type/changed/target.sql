CREATE TYPE t AS (a int, b text);
