"""The one error of the installers."""

from __future__ import annotations


class SetupError(Exception):
    """Something can't be set up; the message's last sentence says what to do about it."""
