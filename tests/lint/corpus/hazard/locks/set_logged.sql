-- corpus: hazards=table-rewrite
ALTER TABLE job_queue SET LOGGED;
