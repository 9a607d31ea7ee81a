-- corpus: safe
CREATE TABLE IF NOT EXISTS feature_flags (name text PRIMARY KEY, is_on boolean NOT NULL DEFAULT false);
CREATE INDEX IF NOT EXISTS feature_flags_on_idx ON feature_flags (name) WHERE is_on;
