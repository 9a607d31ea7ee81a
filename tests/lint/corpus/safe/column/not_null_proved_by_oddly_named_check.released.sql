CREATE TABLE parcels (id bigint PRIMARY KEY, weight integer);
ALTER TABLE parcels ADD CONSTRAINT parcels_weighed CHECK (weight IS NOT NULL) NOT VALID;
