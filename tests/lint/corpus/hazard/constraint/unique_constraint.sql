-- corpus: hazards=index-build-under-exclusive-lock
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
