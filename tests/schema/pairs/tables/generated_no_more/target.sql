CREATE TABLE public.t (a int, b int DEFAULT 5);
