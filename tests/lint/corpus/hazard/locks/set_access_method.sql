-- corpus: hazards=table-rewrite
ALTER TABLE readings SET ACCESS METHOD columnar;
