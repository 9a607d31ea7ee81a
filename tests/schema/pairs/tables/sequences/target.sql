CREATE TABLE public.t (id int NOT NULL, note text, price int);
CREATE UNLOGGED SEQUENCE public.s AS smallint MINVALUE -5 START -2 CACHE 3;
CREATE SEQUENCE public.r OWNED BY public.t.id;
CREATE SEQUENCE public.q INCREMENT -2;
