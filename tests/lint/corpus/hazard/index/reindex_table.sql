-- corpus: hazards=blocking-reindex
REINDEX TABLE public.line_items;
