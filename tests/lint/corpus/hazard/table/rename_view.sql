-- corpus: hazards=broken-running-code
ALTER VIEW active_customers RENAME TO current_customers;
