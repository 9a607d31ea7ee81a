-- corpus: safe
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE TABLE moods (user_id bigint PRIMARY KEY, mood mood NOT NULL DEFAULT 'calm');
INSERT INTO moods (user_id, mood) VALUES (1, 'busy');
