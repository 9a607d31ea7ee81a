-- corpus: hazards=broken-running-code
ALTER TABLE users RENAME COLUMN mail TO email;
