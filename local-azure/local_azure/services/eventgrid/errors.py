"""What Event Grid refuses."""

from datetime import datetime
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.clock import american
from local_azure.control_plane.web import WireError


class FilterError(ValueError):
    """An advanced filter that Event Grid does not know or would refuse."""


class HandshakeError(Exception):
    """A webhook that did not prove that it wants events; its text follows Azure's as recorded.

    Args:
        endpoint: its address, without a secret.
        asked: by which method: POST, or OPTIONS for CloudEvents.
        word: what came back, in a word; `Unknown` where nothing did.
        came_back: the same at length, which Azure does not tell.
        at: when.
    """

    def __init__(self, endpoint: str, asked: str, word: str, came_back: str, at: datetime) -> None:
        page = "esvalidation" if asked == "POST" else "esvalidationcloudevent"
        super().__init__(
            f"Webhook validation handshake failed for {endpoint}. Http {asked} request failed with "
            f"response code {word}. For troublehooting, visit https://aka.ms/{page}. "
            f"Activity id:{uuid4()}, timestamp: {american(at)} (UTC). "
            'Expected is status 200 within 30 seconds with the body {"validationResponse": '
            '"<validationCode>"} (CloudEvents: with the header WebHook-Allowed-Origin); '
            f"{came_back}"
        )


class NoConsentError(HandshakeError):
    """A webhook that accepted the question, and then neither answered it nor called back."""

    def __init__(self, endpoint: str, asked: str, at: datetime) -> None:
        came_back = (
            "the question was accepted without an answer in it, and then a call of the validation "
            "URL is expected within 10 minutes, which did not come."
        )
        super().__init__(endpoint, asked, "OK", came_back, at)


class PublishError(WireError):
    """An answer to a publisher other than 200.

    Source: D:event-grid/post-to-custom-topic; texts as public reports quote them, UNVERIFIED.

    Attributes:
        code: the error's code.
        detail: the code in its details.
    """

    code = "BadRequest"
    detail = "BadRequest"

    def response(self) -> Response:
        """The answer on the wire."""
        message = str(self)
        details = [{"code": self.detail, "message": message}]
        error = {"code": self.code, "message": message, "details": details}
        return JSONResponse({"error": error}, self.status)


class InvalidEventsError(PublishError):
    """The body is not what the topic's input schema says; none of its events is taken."""

    detail = "InputJsonInvalid"


class UnreadableSignatureError(PublishError):
    """An ``aeg-sas-token`` of another form (a public issue of 2021)."""


class UnauthorizedPublisherError(PublishError):
    """No key, signature or token, or one that does not open this topic or domain."""

    status = 401
    code = detail = "Unauthorized"


class NoTopicError(PublishError):
    """No topic or domain has this host name."""

    status = 404
    code = detail = "NotFound"
    said = "There is no custom topic or domain at {host}."


class TooLargeError(PublishError):
    """More bytes or more events than one request may carry."""

    status = 413
    code = detail = "RequestEntityTooLarge"
