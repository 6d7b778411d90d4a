"""What the commands of the embedded Azure refuse or fail with."""


def reason(error: Exception) -> str:
    """Why something failed, without an error's number and without the file's name once more."""
    told = error.strerror if isinstance(error, OSError) else None
    return told or str(error)


class LocalAzureError(Exception):
    """A failure whose message tells the person at the command line what to do."""
