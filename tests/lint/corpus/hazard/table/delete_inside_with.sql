-- corpus: hazards=dropped-data
WITH gone AS (DELETE FROM sign_ins RETURNING account_id)
INSERT INTO accounts_seen (account_id) VALUES (1);
