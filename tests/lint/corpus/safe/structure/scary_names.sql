-- corpus: safe
CREATE TABLE "drop table" (
    "truncate" bigint PRIMARY KEY,
    "update set" text,
    "password" text,
    "commit;" boolean
);
CREATE INDEX "vacuum full" ON "drop table" ("update set");
