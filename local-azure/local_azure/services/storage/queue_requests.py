"""A request to the queue service, as far as the front has to understand it."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import unquote

from local_azure.services.storage import queue_operations
from local_azure.services.storage.errors import InvalidUriError, NotEmulatedError
from local_azure.services.storage.queue_operations import PEEK_MESSAGES, QueueOperation
from local_azure.services.storage.requests import StorageRequest

_LEVELS = ("service", "queue", "messages", "message")


class QueueRequest(StorageRequest):
    """A request to the queue service."""

    @cached_property
    def parts(self) -> list[str]:
        """The path: queue, ``messages`` and the message's id, as far as they are there.

        Raises:
            InvalidUriError: the path is of another form.
        """
        path = unquote(self.path).removeprefix("/")
        parts = path.split("/") if path else []
        if not all(parts) or len(parts) >= len(_LEVELS) or parts[1:2] not in ([], ["messages"]):
            raise InvalidUriError
        return parts

    @property
    def queue(self) -> str:
        """Name of the queue, or ""."""
        return self.parts[0] if self.parts else ""

    @cached_property
    def operation(self) -> QueueOperation:
        """Which operation this is.

        Raises:
            NotEmulatedError: when the queue service here does not have it.
            InvalidUriError: the path is none of the queue service's.
        """
        level = _LEVELS[len(self.parts)]
        comp = self.parameters.get("comp", "")
        found = queue_operations.find(level, self.method, comp)
        if found is None:
            message = (
                f"The embedded storage does not emulate {self.method} on a {level} of queues with "
                f"comp={comp!r}."
            )
            raise NotEmulatedError(message)
        # Exactly as Azurite reads it.
        peeks = self.parameters.get("peekonly") == "true"
        return PEEK_MESSAGES if peeks and found.name == "GetMessages" else found
