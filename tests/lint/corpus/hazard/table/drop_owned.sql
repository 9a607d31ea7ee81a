-- corpus: hazards=dropped-data
DROP OWNED BY contractor CASCADE;
