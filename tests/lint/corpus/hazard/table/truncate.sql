-- corpus: hazards=dropped-data
TRUNCATE TABLE rate_limits;
