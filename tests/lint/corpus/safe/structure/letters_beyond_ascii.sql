-- corpus: safe
COMMENT ON COLUMN customers.email IS 'Größe zählt nicht; für Kunden — “DROP”';
