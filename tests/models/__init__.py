"""Models in environments of their own: `make models`, as their packages take minutes to come."""
