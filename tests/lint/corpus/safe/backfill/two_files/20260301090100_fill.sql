-- corpus: safe
UPDATE users SET short_name = left(first_name, 1) || '. ' || last_name
WHERE short_name IS NULL AND id BETWEEN 1 AND 50000;
