-- corpus: hazards=not-null-scan
ALTER TABLE parcels ALTER COLUMN weight SET NOT NULL;
ALTER TABLE parcels DROP CONSTRAINT parcels_weight_not_null;
