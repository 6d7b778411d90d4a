"""Environments: what their conda file asks for, and the virtual environment made of it."""
