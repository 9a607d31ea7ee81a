CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE POLICY p ON public.t TO pg_monitor USING (id > 0 AND (id < 5)) WITH CHECK ((id > 3) OR (note = ')'));
CREATE POLICY q ON public.t USING (EXISTS (SELECT FROM public.t AS x WHERE x.id = t.id));
