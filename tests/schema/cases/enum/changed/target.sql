CREATE TYPE mood AS ENUM ('ok', 'sad', 'it''s');
