"""Errors of Event Hubs and Service Bus on the wire, one class each.

Sources: learn.microsoft.com, rest/api/servicebus "Send Message", rest/api/eventhub "Send event".
UNVERIFIED: the statuses of Event Hubs other than 401, and every text.
"""

from xml.sax.saxutils import escape

from starlette.responses import Response

from local_azure.control_plane.web import WireError


class MessagingError(WireError):
    """An answer other than success."""

    def response(self) -> Response:
        """The answer on the wire."""
        body = f"<Error><Code>{self.status}</Code><Detail>{escape(str(self))}</Detail></Error>"
        return Response(body, self.status, media_type="application/xml")


class UnauthorizedError(MessagingError):
    """No token, one that is not accepted, or a caller without the role."""

    status = 401


class NamespaceNotFoundError(MessagingError):
    """No namespace under this host name; in Azure the name would not resolve."""

    status = 404
    said = "There is no namespace '{host}'."


class EntityNotFoundError(MessagingError):
    """No such queue, topic or event hub in the namespace."""

    def __init__(self, host: str, name: str, status: int) -> None:
        super().__init__(f"There is no '{name}' in '{host}'.")
        self.status = status


class MalformedMessageError(MessagingError):
    """A body or header that is not what the REST reference has."""


class TooLargeError(MessagingError):
    """More bytes than a message may have."""

    def __init__(self, found: int, most: int, status: int) -> None:
        super().__init__(f"The message has {found} bytes, accepted: {most} or fewer.")
        self.status = status


class NotEmulatedError(MessagingError):
    """What Azure has and the embedded one has not."""

    status = 501
