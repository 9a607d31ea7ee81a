CREATE TABLE shops (id bigint PRIMARY KEY, title varchar(120));
