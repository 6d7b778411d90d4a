"""What services answer: a JSON object, or why there is none, in their words if they have any."""

import json
import os
import socket
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest, HttpResponse
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from batch_client.errors import ClientError

_PROXY_SECONDS = 20


class RefusedError(ClientError):
    """The service answered with an error.

    Attributes:
        status: HTTP status.
        code: the service's own code.
        reason: its sentence.
        retry_after: seconds that the answer asks to wait, or None.
    """

    def __init__(self, answer: HttpResponse) -> None:
        self.status = answer.status_code
        self.code, self.reason = _error(answer)
        self.retry_after = _seconds(answer.headers.get("Retry-After"))
        super().__init__(f"{self.status} {self.code}: {self.reason}")


class NotThereError(RefusedError):
    """The service has no such thing: 404."""


class NotSentError(ClientError):
    """The host could not be reached: nothing was sent."""


class LostAnswerError(ClientError):
    """The connection was lost after the request may have been sent."""


def not_signed_in(error: Exception) -> ClientError:
    """What to say when no credential works."""
    if proxy := _silent_proxy():
        return ClientError(
            f"Nothing answers at {proxy}, to which HTTPS_PROXY of this shell leads. With the "
            'embedded Azure stopped, `eval "$(local-azure env)"` starts it.'
        )
    first = str(error).strip().partition("\n")[0]
    message = (
        f"Nobody is signed in: {first} Run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and "
        "AZURE_CLIENT_SECRET."
    )
    return ClientError(message)


def _silent_proxy() -> str:
    """This machine's proxy that the shell names, if it is not there."""
    proxy = os.environ.get("HTTPS_PROXY", "")
    host, port = urlsplit(proxy).hostname, urlsplit(proxy).port
    if host != "127.0.0.1" or port is None:
        return ""
    with socket.socket() as probe:
        probe.settimeout(_PROXY_SECONDS)
        return proxy if probe.connect_ex((host, port)) else ""


def never_sent(error: BaseException) -> bool:
    """Whether a failure proves that no byte of the request went out.

    azure-core calls some connections that were lost in mid-answer a failed request; only that no
    connection came to be is proof.
    """
    return any(
        isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in _causes(error)
    )


def _causes(error: Any, depth: int = 8) -> Iterator[BaseException]:
    """An exception and all that it carries: causes, reasons, arguments."""
    if depth and isinstance(error, BaseException):
        yield error
        inner = getattr(error, "inner_exception", None), getattr(error, "reason", None)
        for cause in (*inner, *error.args):
            yield from _causes(cause, depth - 1)


def unreached(request: HttpRequest, error: AzureError) -> ClientError:
    """What to say when there is no answer: whether anything was sent is known or it is not."""
    host, query = request.url.split("/")[2], urlsplit(request.url).query
    # The transport's words may have the whole address in them, a signature too.
    told = str(error).replace(query, "…") if query else str(error)
    if never_sent(error):
        message = f"{host} can't be reached: {told}. Look at the network and at HTTPS_PROXY."
        return NotSentError(message)
    return LostAnswerError(f"The connection to {host} was lost: {told}.")


def json_object(answer: HttpResponse) -> dict[str, Any]:
    """The object that an answer consists of.

    Raises:
        LostAnswerError: it is something else.
    """
    # A cancelled job is answered with 202 and `null` (recorded: cloud-custodian, 2026-08-25).
    if answer.content.strip() in {b"", b"null"}:
        return {}
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    message = f"{_shown(answer)} answered {answer.status_code} without a JSON object."
    raise LostAnswerError(message)


def refused(answer: HttpResponse) -> RefusedError:
    """What an answer says that is an error."""
    missing = answer.status_code == HTTPStatus.NOT_FOUND
    return NotThereError(answer) if missing else RefusedError(answer)


def _error(answer: HttpResponse) -> tuple[str, str]:
    """Code and sentence of an error; services word them differently."""
    text = answer.text().strip()
    try:
        told = json.loads(text)
    except ValueError:
        return answer.reason or "", text[:300]
    told = told.get("error", told) if isinstance(told, dict) else told
    if not isinstance(told, dict):
        return answer.reason or "", str(told)[:300]
    return _code(told) or answer.reason or "", _sentence(told) or text[:300]


def _sentence(error: dict[str, Any]) -> str:
    """What an error says; this program's workflows give their reason and what they were told."""
    told = error.get("answer")
    inner = told.get("error", told) if isinstance(told, dict) else {}
    said = (
        error.get("message"),
        error.get("reason"),
        isinstance(inner, dict) and inner.get("message"),
    )
    return ": ".join(str(each).rstrip(".") for each in said if each)


def _code(error: dict[str, Any]) -> str:
    """Machine learning's own errors are all ``UserError``; what they are stands further in.

    Recorded: a model that does not exist has its code in the details, an endpoint innermost.
    """
    code = error.get("code")
    for each in error.get("details") or []:
        code = each.get("code") or code
    for each in error.get("additionalInfo") or []:
        inner = each["info"]["value"] if each.get("type") == "InnerError" else None
        while inner:
            code, inner = inner.get("code") or code, inner.get("innerError")
    return str(code or "")


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None


def _shown(answer: HttpResponse) -> str:
    """The address without its query, which may hold a signature."""
    return answer.request.url.partition("?")[0]
