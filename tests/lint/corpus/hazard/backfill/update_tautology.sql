-- corpus: hazards=unbounded-write severity=warning
UPDATE subscriptions SET renewed = false WHERE 1 = 1;
