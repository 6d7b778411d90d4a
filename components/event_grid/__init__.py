"""Who is told what happens: system topics, subscriptions, the domain."""
