-- corpus: hazards=leaking-setting severity=warning
SET search_path = tenant_a, public;
CREATE TABLE invoices_tmp (id bigint PRIMARY KEY);
