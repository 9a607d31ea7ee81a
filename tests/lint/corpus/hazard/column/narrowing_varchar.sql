-- corpus: hazards=narrowed-type severity=warning
-- Today's limit is not in the file; from text, or from a larger one, this narrows.
ALTER TABLE users ALTER COLUMN nickname TYPE varchar(20);
