-- corpus: hazards=endless-lock-wait severity=warning
SET LOCAL lock_timeout = '1h';
ALTER TABLE orders ADD COLUMN remark text;
