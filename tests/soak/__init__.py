"""Runs that take minutes to hours: `make soak` starts them, `make test-all` does not."""
