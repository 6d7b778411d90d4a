"""The embedded Azure's page in a real browser: `make browser`."""
