CREATE TABLE public.t (id int NOT NULL, note text, price int);
ALTER TABLE public.t ADD q int NOT NULL;
ALTER TABLE public.t ADD r int NOT NULL DEFAULT 5;
ALTER TABLE public.t ADD v int NOT NULL GENERATED ALWAYS AS (id + 1) STORED;
