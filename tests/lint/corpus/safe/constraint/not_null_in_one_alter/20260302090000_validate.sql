-- corpus: safe
ALTER TABLE devices VALIDATE CONSTRAINT devices_label_set;
