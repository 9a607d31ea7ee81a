-- corpus: hazards=dropped-data
DELETE FROM notifications;
