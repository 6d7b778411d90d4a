"""What all errors are made of, and what the commands of the embedded Azure refuse or fail with."""

from string import Formatter
from typing import ClassVar


class WordedError(Exception):
    """An error whose class has its sentence, as ``There is no '{name}'.`` is one.

    It is raised with what stands in the braces, in that order.

    Attributes:
        said: the sentence; where a class has none of its own, it is given whole.

    Raises:
        ValueError: more is given than the sentence has, or less.
    """

    said: ClassVar[str] = "{sentence}"

    def __init__(self, *parts: object) -> None:
        fields = dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.said) if name)
        self.message = self.said.format(**dict(zip(fields, parts, strict=True)))
        super().__init__(self.message)


def reason(error: Exception) -> str:
    """Why something failed, without an error's number and without the file's name once more."""
    told = error.strerror if isinstance(error, OSError) else None
    return told or str(error)


class LocalAzureError(Exception):
    """A failure whose message tells the person at the command line what to do."""
