-- corpus: hazards=secret-in-sql
ALTER USER app WITH ENCRYPTED PASSWORD 's3cr3t-Value';
