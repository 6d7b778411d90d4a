"""Proves a deployed environment: what ``up`` created, and a file's way from its event to its rows.

Nothing is assumed of where it runs: it looks with Resource Manager's and storage's own interfaces.
"""
