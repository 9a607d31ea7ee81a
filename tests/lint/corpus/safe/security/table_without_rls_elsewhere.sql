-- corpus: safe
CREATE TABLE public.plain_table (id bigint PRIMARY KEY, body text);
