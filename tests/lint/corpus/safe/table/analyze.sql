-- corpus: safe
ANALYZE events;
