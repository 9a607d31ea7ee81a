-- corpus: safe
COMMENT ON TABLE events IS 'Never DROP TABLE or TRUNCATE this: billing reads it';
