"""The parts of the stack: Pulumi components, one a file, and the pure modules that they share.

Importing this package imports nothing else: a run pays only for the modules that it uses.
"""
