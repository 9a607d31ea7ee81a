-- corpus: hazards=table-without-rls layout=supabase
create materialized view public.totals as select owner, count(*) from public.orders group by owner;
