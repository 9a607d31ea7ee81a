-- corpus: hazards=lost-replica-identity severity=warning
ALTER TABLE messages DROP CONSTRAINT messages_pkey;
