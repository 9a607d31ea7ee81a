-- corpus: safe
CREATE FUNCTION add_hint(words text) RETURNS void LANGUAGE sql BEGIN ATOMIC
    INSERT INTO hints (body) VALUES (words);
END;
