-- corpus: hazards=index-build-under-exclusive-lock
ALTER TABLE audit_log ADD PRIMARY KEY (id);
