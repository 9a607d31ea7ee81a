CREATE TEXT SEARCH DICTIONARY simple (TEMPLATE = pg_catalog.simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION "Odd" (PARSER = pg_catalog."default");
