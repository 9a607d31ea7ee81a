-- corpus: safe
-- UP
INSERT INTO regions (code, name) VALUES ('n', 'north') ON CONFLICT DO NOTHING;
-- DOWN
DELETE FROM regions WHERE code = 'n';
