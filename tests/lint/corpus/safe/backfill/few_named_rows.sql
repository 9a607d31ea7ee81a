-- corpus: safe
UPDATE roles SET label = 'Administrator' WHERE name = 'admin';
DELETE FROM roles WHERE name = 'obsolete_role';
