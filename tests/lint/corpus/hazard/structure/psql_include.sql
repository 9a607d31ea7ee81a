-- corpus: hazards=cannot-run
\i ../functions/touch.sql
SELECT 1;
