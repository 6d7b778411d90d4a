"""What goes wrong, and the exit code that tells it."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of ``python -m batch_client``."""

    DONE = 0
    """It is done; a job that was waited for is Completed, a pipeline run Succeeded."""

    ERROR = 1
    """Something was refused or could not be reached."""

    USAGE = 2
    """The arguments make no sense; nothing was sent."""

    FAILED = 3
    """The job or the pipeline run ended as Failed."""

    CANCELED = 4
    """The job or the pipeline run was canceled."""

    TIMEOUT = 5
    """It was not over in the time that was given; it goes on."""

    UNKNOWN = 6
    """An answer was lost: whether something was started has to be looked up."""

    INTERRUPTED = 130
    """Ctrl-C."""


class ClientError(Exception):
    """One sentence for a person, the last of which says what to do."""

    exit = Exit.ERROR


class UsageError(ClientError):
    """What was asked for makes no sense, whatever Azure would say."""

    exit = Exit.USAGE


class TimedOutError(ClientError):
    """The end did not come in time."""

    exit = Exit.TIMEOUT


class UnknownOutcomeError(ClientError):
    """An answer was lost, and nothing shows whether the request was carried out.

    It is not sent again: that could start the same work twice.
    """

    exit = Exit.UNKNOWN
