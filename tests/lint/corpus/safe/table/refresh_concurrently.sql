-- corpus: safe
REFRESH MATERIALIZED VIEW CONCURRENTLY sales_by_month;
