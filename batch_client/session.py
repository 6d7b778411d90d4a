"""Requests with the caller's own token: what can be repeated is, what starts something never is.

Built on azure-core, which azure-identity and azure-storage-blob bring anyway; the management SDKs
would add nothing to a handful of requests. GETs are repeated on lost connections and on 408, 429
and 5xx answers, as ``Retry-After`` says.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    RetryPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse

from batch_client.answers import json_object, not_signed_in, refused, unreached

RETRIES = 8
"""How often a GET is repeated: at 0.8 s doubling, for about three minutes."""

CONNECT_SECONDS = 20
READ_SECONDS = 120
_FIRST_ERROR = 400
_GETS = frozenset(("GET",))


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
                _patience(),
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
        return json_object(_answered(self._client, request, retries, repeated))

    def _at(self, url: str) -> str:
        return f"{self._audience}{url}" if url.startswith("/") else url


def _patience() -> "RetryPolicy[HttpRequest, HttpResponse]":
    """Of each kind of trouble as many times: azure-core gives up after three by default."""
    each = dict.fromkeys(("retry_connect", "retry_read", "retry_status"), RETRIES)
    return RetryPolicy(retry_total=RETRIES, **each)


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
        raise unreached(request, error) from None
    if answer.status_code >= _FIRST_ERROR:
        raise refused(answer)
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
    return json_object(_signed(HttpRequest("POST", url, json=body), 0))


def _signed(request: HttpRequest, retries: int) -> HttpResponse:
    with PipelineClient[HttpRequest, "HttpResponse"](base_url="", policies=[_patience()]) as client:
        return _answered(client, request, retries, _GETS)
