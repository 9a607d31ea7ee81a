-- corpus: hazards=cannot-run
ALTER TABLE tags ADD COLUM colour text;
