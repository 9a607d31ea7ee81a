-- corpus: hazards=several-alters severity=warning
ALTER TABLE profiles ADD COLUMN city text;
ALTER TABLE profiles ADD COLUMN zip text;
ALTER TABLE profiles ADD COLUMN country text;
