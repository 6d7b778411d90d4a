"""Azure Monitor: metrics of what really happened, and alerts on them."""
