"""Requests with the caller's own token: what can be repeated is, what starts something never is.

Built on azure-core, which azure-identity and azure-storage-blob bring anyway; the management SDKs
would add nothing to a handful of requests. GETs are repeated on lost connections and on 408, 429
and 5xx answers, as ``Retry-After`` says.
"""

import base64
import binascii
import json
import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    RetryPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from batch_client.errors import ClientError

RETRIES = 8
"""How often a GET is repeated: at 0.8 s doubling, for about three minutes."""

CONNECT_SECONDS = 20
READ_SECONDS = 120
_FIRST_ERROR = 400
_GETS = frozenset(("GET",))


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


class NotSentError(ClientError):
    """The host could not be reached: nothing was sent."""


class LostAnswerError(ClientError):
    """The connection was lost after the request may have been sent."""


class Session:
    """Requests to hosts of one audience.

    Args:
        credential: signs in.
        audience: whom tokens are for, such as ``https://ml.azure.com``.
    """

    def __init__(self, credential: TokenCredential, audience: str) -> None:
        self._credential = credential
        self._audience, self._scope = audience, f"{audience}/.default"
        self._client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
            base_url="",
            policies=[
                UserAgentPolicy(base_user_agent="azureml-batch-events"),
                RetryPolicy(retry_total=RETRIES, retry_connect=RETRIES, retry_read=RETRIES),
                BearerTokenCredentialPolicy(credential, self._scope),
            ],
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(
        self, url: str, version: str = "", query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON object that a GET answers.

        Args:
            url: where; a path is one of the audience's own host.
            version: of the API; empty where the URL has it, or there is none.
            query: what else is asked.

        Raises:
            RefusedError: the service refused, or went on failing.
            ClientError: it could not be reached, or nobody is signed in.
        """
        asked = HttpRequest("GET", self._at(url), params=_versioned(version) | dict(query or {}))
        return self._send(asked, RETRIES)

    def pages(
        self, url: str, version: str, query: Mapping[str, str] | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, each asked for when it is needed.

        Raises:
            ClientError: as ``get``.
        """
        told = self.get(url, version, query)
        yield told.get("value") or []
        while link := told.get("nextLink"):
            told = self.get(str(link))
            yield told.get("value") or []

    def listed(
        self, url: str, version: str, query: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """What is on all of them."""
        for page in self.pages(url, version, query):
            yield from page

    def query(self, url: str, body: Any, version: str) -> dict[str, Any]:
        """The JSON object that a POST answers which only reads, repeated as a GET is.

        Raises:
            ClientError: as ``get``.
        """
        asked = HttpRequest("POST", self._at(url), json=body, params=_versioned(version))
        return self._send(asked, RETRIES, frozenset(("POST",)))

    def post(
        self, url: str, body: Any, version: str = "", headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON object that one single POST answers.

        Raises:
            NotSentError: nothing was sent.
            LostAnswerError: nobody knows whether it was carried out.
            RefusedError: the service refused.
        """
        told = {"json": body, "headers": dict(headers or {}), "params": _versioned(version)}
        return self._send(HttpRequest("POST", self._at(url), **told), 0)

    def object_id(self) -> str:
        """Who is signed in, by object id in Entra; empty where the token does not tell."""
        try:
            payload = self._credential.get_token(self._scope).token.split(".")[1]
            told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (AzureError, IndexError, ValueError, binascii.Error):
            return ""
        return str(told.get("oid", "")) if isinstance(told, dict) else ""

    def _send(
        self, request: HttpRequest, retries: int, repeated: frozenset[str] = _GETS
    ) -> dict[str, Any]:
        return _object(_answered(self._client, request, retries, repeated))

    def _at(self, url: str) -> str:
        return f"{self._audience}{url}" if url.startswith("/") else url


def _versioned(version: str) -> dict[str, str]:
    return {"api-version": version} if version else {}


def _answered(
    client: PipelineClient[HttpRequest, HttpResponse],
    request: HttpRequest,
    retries: int,
    repeated: frozenset[str],
) -> HttpResponse:
    try:
        answer = client.send_request(
            request,
            retry_total=retries,
            retry_on_methods=repeated,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
        )
    except ClientAuthenticationError as error:
        raise not_signed_in(error) from None
    except AzureError as error:
        raise _unreached(request, error) from None
    if answer.status_code >= _FIRST_ERROR:
        raise RefusedError(answer)
    return answer


def fetch(url: str) -> Any:
    """The JSON behind a link that carries its own signature: no token goes there.

    Raises:
        ClientError: it can't be read.
    """
    return _signed(HttpRequest("GET", url), RETRIES).json()


def post_signed(url: str, body: Any) -> dict[str, Any]:
    """The JSON object that one single POST to such a link answers.

    Raises:
        ClientError: as ``Session.post``.
    """
    return _object(_signed(HttpRequest("POST", url, json=body), 0))


def _signed(request: HttpRequest, retries: int) -> HttpResponse:
    policies = [RetryPolicy(retry_total=retries)]
    with PipelineClient[HttpRequest, "HttpResponse"](base_url="", policies=policies) as client:
        return _answered(client, request, retries, _GETS)


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
        probe.settimeout(CONNECT_SECONDS)
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


def _unreached(request: HttpRequest, error: AzureError) -> ClientError:
    host, query = request.url.split("/")[2], urlsplit(request.url).query
    # The transport's words may have the whole address in them, a signature too.
    told = str(error).replace(query, "…") if query else str(error)
    if never_sent(error):
        message = f"{host} can't be reached: {told}. Look at the network and at HTTPS_PROXY."
        return NotSentError(message)
    return LostAnswerError(f"The connection to {host} was lost: {told}.")


def _object(answer: HttpResponse) -> dict[str, Any]:
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
