CREATE TABLE public.t (x bigint[], y varchar[], z varchar(9)[] DEFAULT '{}');
