-- corpus: safe
CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE team_seats (id bigint PRIMARY KEY, team_id bigint NOT NULL);
ALTER TABLE team_seats ADD CONSTRAINT team_seats_team_fk FOREIGN KEY (team_id) REFERENCES teams (id);
