-- corpus: safe
CREATE MATERIALIZED VIEW region_totals AS SELECT region, count(*) AS n FROM shops GROUP BY region WITH NO DATA;
CREATE UNIQUE INDEX region_totals_region_key ON region_totals (region);
REFRESH MATERIALIZED VIEW region_totals;
