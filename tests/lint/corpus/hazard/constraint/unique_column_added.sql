-- corpus: hazards=index-build-under-exclusive-lock
ALTER TABLE users ADD COLUMN public_id uuid UNIQUE;
