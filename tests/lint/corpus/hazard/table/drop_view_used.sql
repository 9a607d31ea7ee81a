-- corpus: hazards=broken-running-code severity=warning
DROP VIEW monthly_revenue;
