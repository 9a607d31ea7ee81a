-- corpus: safe
SELECT id, email INTO mail_snapshot FROM people WHERE wants_mail;
CREATE INDEX mail_snapshot_email_idx ON mail_snapshot (email);
DROP TABLE mail_snapshot;
