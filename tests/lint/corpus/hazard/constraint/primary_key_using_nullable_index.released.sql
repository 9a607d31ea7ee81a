CREATE TABLE audit_log (id bigint, what text);
CREATE UNIQUE INDEX audit_log_id_key ON audit_log (id);
