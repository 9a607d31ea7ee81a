CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(120), balance numeric(12, 2), tier char(2), seen timestamp(3), bio text);
