CREATE TABLE public."T t" ("A""b" bigint PRIMARY KEY, "select" text NOT NULL DEFAULT '$$', "c,d" int UNIQUE CHECK ("c,d" > 0), "New $$ one" int NOT NULL);
CREATE INDEX "ON x" ON public."T t" ("c,d", "select");
