CREATE SUBSCRIPTION s CONNECTION 'dbname=x password=y' PUBLICATION p WITH (connect = false);
