-- corpus: safe
ALTER TABLE ledgers ADD CONSTRAINT ledgers_pkey PRIMARY KEY USING INDEX ledgers_id_key;
