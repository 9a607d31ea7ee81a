CREATE TYPE grows AS ENUM ('a', 'b', 'c, ''c''', 'd', E'back\\slash', 'f');
CREATE TYPE empty AS ENUM ('one', 'two');
CREATE TYPE shrinks AS ENUM ('a', 'b, c');
CREATE TABLE moods (one shrinks DEFAULT 'a', many shrinks[] DEFAULT '{a,"b, c"}');
