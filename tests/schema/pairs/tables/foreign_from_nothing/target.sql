CREATE FOREIGN DATA WRAPPER w1;
CREATE SERVER s1 FOREIGN DATA WRAPPER w1;
CREATE FOREIGN TABLE public.t (a int OPTIONS (column_name 'x, y') NOT NULL DEFAULT 4, b text CHECK (b <> '')) SERVER s1 OPTIONS (table_name 'a', "schema_name" 'b''c');
