"""Event Grid: system topics, subscriptions, delivery with retries, and dead letters."""
