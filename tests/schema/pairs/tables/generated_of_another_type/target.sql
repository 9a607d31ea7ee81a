CREATE TABLE public.t (a int, b bigint GENERATED ALWAYS AS (a * 2) STORED);
