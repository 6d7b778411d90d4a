"""What listens: the proxy, TLS, the hosts of all services, and the console."""
