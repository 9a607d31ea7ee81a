-- corpus: hazards=blocking-index-build
CREATE INDEX coupons_code_lower_idx ON coupons (lower(code));
CREATE INDEX orders_coupon_id_idx ON orders (coupon_id);
