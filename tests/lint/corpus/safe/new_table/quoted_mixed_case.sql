-- corpus: safe
CREATE TABLE "Ledger"."Entries" ("Id" bigint PRIMARY KEY, "AccountId" bigint NOT NULL);
CREATE INDEX "IX_Entries_AccountId" ON "Ledger"."Entries" ("AccountId");
ALTER TABLE "Ledger"."Entries" ADD CONSTRAINT "UQ_Entries" UNIQUE ("Id", "AccountId");
