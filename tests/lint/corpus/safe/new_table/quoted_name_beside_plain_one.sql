-- corpus: safe
CREATE TABLE "People" (id bigint PRIMARY KEY, "Email" text);
CREATE INDEX "People_Email" ON public."People" ("Email");
ALTER TABLE "People" ALTER COLUMN "Email" SET NOT NULL;
