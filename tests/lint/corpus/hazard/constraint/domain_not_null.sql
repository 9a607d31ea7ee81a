-- corpus: hazards=not-null-scan
ALTER DOMAIN iban SET NOT NULL;
