-- corpus: safe
CREATE TABLE public.warehouses (id bigint PRIMARY KEY, name text NOT NULL);
CREATE INDEX warehouses_name_idx ON warehouses (name);
ALTER TABLE warehouses ADD CONSTRAINT warehouses_name_check CHECK (name <> '');
