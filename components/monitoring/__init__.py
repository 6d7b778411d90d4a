"""Alerts on what happens to a stack, and a page that shows it."""
