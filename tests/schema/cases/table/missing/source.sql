CREATE TABLE public.orders (id bigint PRIMARY KEY, note text);
CREATE INDEX ON public.orders (note);
COMMENT ON COLUMN public.orders.note IS 'x';
