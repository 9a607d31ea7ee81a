-- The name of the type. It compares as text does: no operator class is made up.
CREATE DOMAIN citext AS text;
