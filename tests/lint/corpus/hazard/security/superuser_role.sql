-- corpus: hazards=superuser
CREATE ROLE deployer LOGIN SUPERUSER;
