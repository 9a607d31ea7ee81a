-- corpus: hazards=unbounded-write severity=warning
UPDATE subscriptions SET plan = 'basic';
