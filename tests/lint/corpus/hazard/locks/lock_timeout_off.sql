-- corpus: hazards=endless-lock-wait severity=warning
SET lock_timeout = 0;
ALTER TABLE orders ADD COLUMN note text;
