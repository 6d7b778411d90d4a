"""The one error of resuming."""

from __future__ import annotations


class ResumeError(Exception):
    """The stack can't be taken up; the message's last sentence says what to do about it."""
