"""A stand-in for the one operation of GitHub's API that a template calls: a repository dispatch.

No CI workflow runs: what was asked for is kept for people and tests.
"""
