"""Azure's own clients, unmodified: `make clients` starts them, `make test` does not."""
