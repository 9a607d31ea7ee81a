CREATE TABLE customers (id bigint PRIMARY KEY, company varchar(80));
