-- corpus: hazards=table-rewrite
ALTER TABLE attachments SET TABLESPACE slow_disks;
