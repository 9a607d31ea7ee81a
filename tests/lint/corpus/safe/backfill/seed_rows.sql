-- corpus: safe
INSERT INTO roles (name, label) VALUES ('auditor', 'Auditor'), ('guest', 'Guest')
ON CONFLICT (name) DO UPDATE SET label = EXCLUDED.label;
