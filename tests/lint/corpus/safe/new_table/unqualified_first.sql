-- corpus: safe
CREATE TABLE pallets (id bigint PRIMARY KEY, warehouse_id bigint);
CREATE INDEX pallets_warehouse_idx ON public.pallets (warehouse_id);
ALTER TABLE public.pallets ALTER COLUMN warehouse_id SET NOT NULL;
