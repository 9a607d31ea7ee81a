-- corpus: hazards=table-rewrite
alter table Public."Customers" add column "Number" BigSerial;
