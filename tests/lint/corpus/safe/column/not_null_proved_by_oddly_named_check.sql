-- corpus: safe
ALTER TABLE parcels VALIDATE CONSTRAINT parcels_weighed;
ALTER TABLE parcels ALTER COLUMN weight SET NOT NULL;
