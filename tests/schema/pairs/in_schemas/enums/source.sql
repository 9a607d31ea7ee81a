CREATE TYPE grows AS ENUM ('b', 'd');
CREATE TYPE empty AS ENUM ();
CREATE TYPE shrinks AS ENUM ('a', 'b, c', 'it''s', E'back\\slash');
CREATE TABLE moods (one shrinks DEFAULT 'a', many shrinks[] DEFAULT '{a,"b, c"}');
