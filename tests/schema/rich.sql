-- One of everything that every supported version knows.
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s');
CREATE DOMAIN app.email AS text NOT NULL CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE TYPE app.pair AS (a int, b text);
CREATE TYPE app.span AS RANGE (subtype = float8);
CREATE SEQUENCE app.numbers AS smallint START 5 INCREMENT 5 MAXVALUE 500 CYCLE;

CREATE TABLE public.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email app.email UNIQUE,
    mood app.mood NOT NULL DEFAULT 'ok',
    name text COLLATE "C" NOT NULL,
    initials text GENERATED ALWAYS AS (left(name, 2)) STORED,
    tags text[] DEFAULT '{}' NOT NULL,
    since timestamptz DEFAULT now() NOT NULL,
    until timestamptz DEFAULT '2026-01-01 00:00:00+00',
    ratio float8 DEFAULT 0.1,
    CONSTRAINT in_order CHECK (since < until)
);
CREATE TABLE public.orders (
    id serial PRIMARY KEY,
    customer bigint NOT NULL REFERENCES public.customers ON DELETE CASCADE DEFERRABLE,
    price numeric(10, 2) NOT NULL CHECK (price > 0 AND price < 1e6),
    placed interval DEFAULT '1 day 02:00:00',
    during int4range,
    EXCLUDE USING gist (during WITH &&)
);
COMMENT ON TABLE public.orders IS 'What was ordered';
COMMENT ON COLUMN public.orders.price IS 'In euros';
CREATE INDEX orders_by_customer ON public.orders (customer DESC NULLS LAST) INCLUDE (price) WHERE price > 10;
CREATE INDEX orders_lower ON public.customers (lower(name), (ratio + 1));

CREATE TABLE public.events (at timestamptz NOT NULL, kind text, PRIMARY KEY (at, kind)) PARTITION BY RANGE (at);
CREATE TABLE public.events_2026 PARTITION OF public.events
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE INDEX ON public.events (kind);
CREATE TABLE public.parent (x int);
CREATE TABLE public.child (y int) INHERITS (public.parent);
CREATE UNLOGGED TABLE public.scratch (x int) WITH (fillfactor = 70);

CREATE VIEW public.recent AS
    SELECT o.id, c.name, count(*) OVER (PARTITION BY c.id ORDER BY o.id) AS number,
        CASE WHEN o.price > 5 THEN 'much' ELSE 'little' END AS amount
    FROM public.orders AS o JOIN public.customers AS c ON c.id = o.customer
    WHERE o.price BETWEEN 1 AND 100 AND c.mood = ANY (ARRAY['ok'::app.mood]);
CREATE VIEW public.mine WITH (security_invoker = true) AS
    SELECT id, sum(price) AS total FROM public.orders GROUP BY id HAVING sum(price) > 1;
CREATE MATERIALIZED VIEW public.summary AS
    WITH t AS (SELECT customer, price FROM public.orders)
    SELECT customer, max(price) AS top FROM t GROUP BY customer;
CREATE UNIQUE INDEX ON public.summary (customer);

CREATE FUNCTION public.total(n int, VARIADIC more int[] DEFAULT '{}') RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = '' AS 'SELECT 1::bigint';
CREATE FUNCTION public.atomic(n int) RETURNS int LANGUAGE sql RETURN n + 1;
CREATE PROCEDURE public.work(INOUT n int) LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN n := n + 1; END$$;
CREATE AGGREGATE public.add(int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.since := now();
    RETURN NEW;
END$$;
CREATE TRIGGER touch BEFORE UPDATE OF name ON public.customers
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION public.touch('a');
CREATE TRIGGER stamp AFTER INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.touch();
CREATE RULE forget AS ON DELETE TO public.scratch DO INSTEAD NOTHING;

CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION public.watch();
CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (debug 'true');
CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper OPTIONS (host 'there', password 'unseen');
CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (password 'unseen');
CREATE FOREIGN TABLE public.far (x int OPTIONS (column_name 'y')) SERVER elsewhere;
CREATE PUBLICATION news FOR TABLE public.orders;
CREATE STATISTICS public.both (ndistinct) ON customer, price FROM public.orders;
CREATE TEXT SEARCH DICTIONARY public.words (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION public.search (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION public.search ADD MAPPING FOR word WITH public.words;
CREATE FUNCTION public.near(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR public.~~~~ (LEFTARG = int, RIGHTARG = text, FUNCTION = public.near);
CREATE OPERATOR CLASS public.plain FOR TYPE int USING btree
    AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE FUNCTION public.first(app.pair) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
CREATE CAST (app.pair AS int) WITH FUNCTION public.first;
CREATE COLLATION app.plain (LOCALE = 'C');
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
GRANT SELECT ON public.orders TO PUBLIC;
GRANT ALL ON public.summary TO PUBLIC;
GRANT UPDATE (name) ON public.customers TO PUBLIC;
REVOKE EXECUTE ON FUNCTION public.touch FROM PUBLIC;
ALTER TABLE public.scratch ALTER x SET STATISTICS 10, ALTER x SET (n_distinct = 3), REPLICA IDENTITY FULL;
COMMENT ON CONSTRAINT in_order ON public.customers IS 'Time runs one way';
SET allow_system_table_mods = on;
INSERT INTO pg_catalog.pg_seclabel VALUES ('public.orders'::regclass, 'pg_class'::regclass, 0, 'one', 'secret');

ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON public.customers FOR SELECT USING (name = CURRENT_USER);
CREATE POLICY add ON public.customers AS RESTRICTIVE FOR INSERT TO postgres
    WITH CHECK (EXISTS (SELECT 1 FROM public.orders AS o WHERE o.customer = customers.id));
