"""Ratios measured in one run: what something takes against the floor under it, on one machine.

Absolute times depend on the machine and on what else runs there; only the ratios are to be
compared between machines. ``python -m benchmarks`` measures, prints, and writes ``RESULTS.md``.
"""
