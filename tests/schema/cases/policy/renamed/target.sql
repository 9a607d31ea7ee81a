CREATE TABLE public.orders (id int NOT NULL UNIQUE, note text, price int);
CREATE POLICY two ON public.orders USING (true);
