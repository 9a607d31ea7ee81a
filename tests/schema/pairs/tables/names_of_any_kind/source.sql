CREATE TABLE public."T t" ("A""b" int, "select" text, "c,d" int);
CREATE INDEX "ON x" ON public."T t" ("c,d");
