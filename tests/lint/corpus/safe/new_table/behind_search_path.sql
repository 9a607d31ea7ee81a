-- corpus: safe
SET LOCAL search_path TO billing, public;
CREATE TABLE refunds (id bigint PRIMARY KEY, invoice_id uuid NOT NULL);
CREATE INDEX refunds_invoice_idx ON billing.refunds (invoice_id);
ALTER TABLE refunds ADD CONSTRAINT refunds_once UNIQUE (invoice_id);
