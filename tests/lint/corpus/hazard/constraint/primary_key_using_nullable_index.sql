-- corpus: hazards=not-null-scan
-- audit_log.id was added as a nullable bigint; the index stands already.
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY USING INDEX audit_log_id_key;
