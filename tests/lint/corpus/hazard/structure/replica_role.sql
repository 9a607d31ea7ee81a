-- corpus: hazards=leaking-setting severity=warning
SET session_replication_role = replica;
INSERT INTO roles (name) VALUES ('auditor');
