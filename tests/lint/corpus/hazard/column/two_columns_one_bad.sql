-- corpus: hazards=table-rewrite
ALTER TABLE devices
    ADD COLUMN label text NOT NULL DEFAULT '',
    ADD COLUMN secret bytea NOT NULL DEFAULT gen_random_bytes(32);
