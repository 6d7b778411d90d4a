"""What the Makefile sets up: the virtual environment and the Pulumi CLI.

The installers run before anything is installed, so they use the standard library alone. The
language host is the exception: it runs in the virtual environment, over Pulumi's own SDK.
"""
