-- corpus: safe
ALTER TABLE devices ALTER label SET NOT NULL, DROP CONSTRAINT devices_label_set;
