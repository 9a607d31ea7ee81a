-- corpus: safe
DROP TABLE experiment_results;
