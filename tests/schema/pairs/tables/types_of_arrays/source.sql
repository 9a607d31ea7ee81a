CREATE TABLE public.t (x int[], y text[], z varchar(5)[]);
