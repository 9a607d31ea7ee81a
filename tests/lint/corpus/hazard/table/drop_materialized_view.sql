-- corpus: hazards=broken-running-code severity=warning
DROP MATERIALIZED VIEW daily_totals;
