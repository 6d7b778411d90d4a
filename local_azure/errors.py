"""What the commands of the embedded Azure refuse or fail with."""

from __future__ import annotations


class LocalAzureError(Exception):
    """A failure whose message tells the person at the command line what to do."""
