CREATE EXTENSION vector;
UPDATE pg_extension SET extversion = '0.1' WHERE extname = 'vector';
