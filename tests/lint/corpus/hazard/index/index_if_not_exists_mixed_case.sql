-- corpus: hazards=blocking-index-build
create index if not exists "IX_Users_NormalizedEmail" on "Identity"."Users" ("NormalizedEmail");
