-- corpus: hazards=locks-several-tables severity=warning
ALTER TABLE memberships ADD CONSTRAINT memberships_user_fk FOREIGN KEY (user_id) REFERENCES users NOT VALID;
ALTER TABLE memberships ADD CONSTRAINT memberships_team_fk FOREIGN KEY (team_id) REFERENCES teams NOT VALID;
