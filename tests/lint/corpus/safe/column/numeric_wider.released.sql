CREATE TABLE offers (id bigint PRIMARY KEY, price numeric(10, 2));
