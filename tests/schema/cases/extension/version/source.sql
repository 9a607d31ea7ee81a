CREATE EXTENSION vector;
UPDATE pg_extension SET extversion = '0.2' WHERE extname = 'vector';
