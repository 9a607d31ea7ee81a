CREATE SCHEMA app;
CREATE TABLE app.a (x int);
