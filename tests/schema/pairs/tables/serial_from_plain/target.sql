CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t ADD s serial;
CREATE SEQUENCE public.t_id_seq OWNED BY public.t.id;
ALTER TABLE public.t ALTER id SET DEFAULT nextval('public.t_id_seq');
