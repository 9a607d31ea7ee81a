-- corpus: hazards=narrowed-type
ALTER TABLE customers ALTER bio TYPE varchar(2000);
