-- corpus: safe
ALTER TABLE shops ADD COLUMN motto text;
INSERT INTO permissions (name) VALUES ('shops.motto.edit') ON CONFLICT DO NOTHING;
