-- corpus: safe
ALTER TABLE public.devices ADD CONSTRAINT devices_label_set CHECK (label IS NOT NULL) NOT VALID;
