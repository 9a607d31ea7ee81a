CREATE TABLE parcels (id bigint PRIMARY KEY, weight integer);
ALTER TABLE parcels ADD CONSTRAINT parcels_weight_not_null CHECK (weight IS NOT NULL) NOT VALID;
