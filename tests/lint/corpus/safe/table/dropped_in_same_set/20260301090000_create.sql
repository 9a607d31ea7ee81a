-- corpus: safe
CREATE TABLE experiment_results (id bigint PRIMARY KEY, variant text);
