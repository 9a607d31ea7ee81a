CREATE TABLE public.u (a text COLLATE "C", b numeric, c int);
ALTER TABLE public.u ALTER a SET STORAGE MAIN, ALTER b SET STORAGE EXTERNAL, ALTER a SET COMPRESSION pglz;
ALTER TABLE public.u ALTER c SET STATISTICS 7, ALTER c SET (n_distinct = 5, n_distinct_inherited = 6);
CREATE TABLE public.t (a text COMPRESSION pglz COLLATE "C" NOT NULL, b numeric, c int);
ALTER TABLE public.t ALTER a SET STORAGE MAIN, ALTER b SET STORAGE EXTERNAL;
ALTER TABLE public.t ALTER c SET STATISTICS 7, ALTER c SET (n_distinct = 5);
