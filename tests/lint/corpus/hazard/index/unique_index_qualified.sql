-- corpus: hazards=blocking-index-build
-- Support asked for one e-mail address per tenant.
CREATE UNIQUE INDEX accounts_tenant_email_key
    ON crm.accounts (tenant_id, lower(email))
    WHERE deleted_at IS NULL;
