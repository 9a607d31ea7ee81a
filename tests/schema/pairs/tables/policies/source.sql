CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE POLICY p ON public.t TO pg_monitor, pg_signal_backend USING (id > 0);
CREATE POLICY q ON public.t WITH CHECK (id > 0);
