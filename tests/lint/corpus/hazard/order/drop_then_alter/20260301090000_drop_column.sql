-- corpus: hazards=dropped-data
ALTER TABLE warehouses DROP COLUMN fax;
