-- Shopping habits over a view "sales" with shopper, order_id, sold_at, quantity and price. Cancelled orders are C and digits.
WITH purchases AS (
  SELECT CAST(shopper AS STRING) AS shopper, CAST(order_id AS STRING) AS order_id, sold_at, quantity * price AS amount
  FROM sales
  WHERE shopper IS NOT NULL AND quantity > 0 AND price > 0
    AND NOT regexp_like(CAST(order_id AS STRING), '^C[0-9]+$')
), snapshot AS (
  SELECT max(sold_at) + INTERVAL '1' DAY AS as_of FROM sales
)
SELECT
  shopper,
  CAST(floor((max(unix_timestamp(as_of)) - max(unix_timestamp(sold_at))) / 86400) AS INT) AS recencyDays,
  count(DISTINCT order_id) AS frequency,
  sum(amount) AS monetary
FROM purchases CROSS JOIN snapshot
GROUP BY shopper
ORDER BY shopper
