-- corpus: hazards=blocking-refresh
REFRESH MATERIALIZED VIEW sales_by_region;
