"""Where files are dropped."""
