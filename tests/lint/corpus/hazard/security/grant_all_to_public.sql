-- corpus: hazards=open-grant
GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
