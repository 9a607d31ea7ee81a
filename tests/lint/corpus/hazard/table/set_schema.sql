-- corpus: hazards=broken-running-code
ALTER TABLE audit_log SET SCHEMA archive;
