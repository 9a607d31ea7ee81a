CREATE TYPE public.b AS ENUM ('x');
