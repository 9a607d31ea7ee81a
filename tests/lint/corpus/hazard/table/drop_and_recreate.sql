-- corpus: hazards=dropped-data
-- Easier than altering it.
DROP TABLE preferences;
CREATE TABLE preferences (user_id bigint PRIMARY KEY, data jsonb NOT NULL DEFAULT '{}');
