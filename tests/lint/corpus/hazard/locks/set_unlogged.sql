-- corpus: hazards=table-rewrite
ALTER TABLE page_views SET UNLOGGED;
