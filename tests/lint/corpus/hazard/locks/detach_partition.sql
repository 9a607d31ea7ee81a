-- corpus: hazards=partition-lock
ALTER TABLE measurements DETACH PARTITION measurements_2020_01;
