"""The one error of the installers."""


class SetupError(Exception):
    """Something can't be set up; the message's last sentence says what to do about it."""
