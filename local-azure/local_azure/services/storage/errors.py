"""Errors of the blob service, one class each, in its XML form.

Source: learn.microsoft.com, rest/api/storageservices "Blob service error codes".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4
from xml.sax.saxutils import escape

from starlette.responses import Response

from local_azure.control_plane.tenant import TENANT_ID
from local_azure.errors import WordedError

_SIGN_IN = (
    f"Bearer authorization_uri=https://login.microsoftonline.com/{TENANT_ID}/oauth2/authorize "
    "resource_id=https://storage.azure.com"
)


class StorageError(WordedError):
    """An answer of the blob service other than success.

    Attributes:
        status: HTTP status.
        code: ``x-ms-error-code``.
    """

    status = 400
    code = "InvalidInput"

    def response(self, *, as_json: bool = False) -> Response:
        """The answer on the wire: XML, but from Data Lake Storage."""
        request_id, now = str(uuid4()), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"
        message = f"{self}\nRequestId:{request_id}\nTime:{now}"
        if as_json:
            media = "application/json;charset=utf-8"
            body = json.dumps({"error": {"code": self.code, "message": message}})
        else:
            media = "application/xml"
            told = f"<Code>{self.code}</Code><Message>{escape(message)}</Message>"
            body = f'<?xml version="1.0" encoding="utf-8"?><Error>{told}</Error>'
        headers = {"x-ms-error-code": self.code, "x-ms-request-id": request_id}
        if self.status == 401:  # noqa: PLR2004 HTTP's own number
            headers["WWW-Authenticate"] = _SIGN_IN
        return Response(body, self.status, headers, media)


class NoAuthenticationInformationError(StorageError):
    """An anonymous request; public access is off."""

    status = 401
    code = "NoAuthenticationInformation"
    said = (
        "Server failed to authenticate the request. Please refer to the information in the "
        "www-authenticate header. The request carries no Authorization header."
    )


class AuthorizationFailureError(StorageError):
    """A call from a network that the account is closed to."""

    status = 403
    code = "AuthorizationFailure"
    said = "This request is not authorized to perform this operation."


class InvalidAuthenticationInfoError(StorageError):
    """A token that storage does not accept."""

    status = 401
    code = "InvalidAuthenticationInfo"
    said = "Server failed to authenticate the request. {reason}"


class BearerNeedsVersionError(StorageError):
    """A token with no service version, or one from before tokens were accepted (status and
    code UNVERIFIED)."""  # noqa: D205, D209 one sentence

    status = 403
    code = "AuthenticationFailed"
    said = (
        "Server failed to authenticate the request. Authentication scheme Bearer is not supported "
        "in this version. Found x-ms-version '{found}', accepted '2017-11-09' or later."
    )


class KeyBasedAuthenticationNotPermittedError(StorageError):
    """A SharedKey signature or a SAS; shared keys are off in every account."""

    status = 403
    code = "KeyBasedAuthenticationNotPermitted"
    said = "Key based authentication is not permitted on this storage account."


class AuthorizationPermissionMismatchError(StorageError):
    """The caller has no role with the action; the message adds which, where Azure's does not."""

    status = 403
    code = "AuthorizationPermissionMismatch"
    said = (
        "This request is not authorized to perform this operation using this permission. {refusal}"
    )


class AccountNotFoundError(StorageError):
    """No such account under this host name; in Azure the name would not resolve."""

    status = 404
    code = "ResourceNotFound"
    said = "The specified resource does not exist: no storage account has its blobs at '{host}'."


class InvalidUriError(StorageError):
    """A path that is not percent-encoded UTF-8."""

    code = "InvalidUri"
    said = "The requested URI does not represent any resource on the server."


class InvalidQueryParameterError(StorageError):
    """A query with a parameter twice, or with more of them than any operation has."""

    code = "InvalidQueryParameterValue"
    said = (
        "Value for one of the query parameters specified in the request URI is invalid: each "
        "is given once, and no more than 100 of them."
    )


class InvalidHeaderValueError(StorageError):
    """A header whose value its operation does not take."""

    code = "InvalidHeaderValue"

    def __init__(self, name: str, why: str = "holds characters outside ASCII") -> None:
        super().__init__(
            f"The value for one of the HTTP headers is not in the correct format: '{name}' {why}."
        )


class InvalidXmlDocumentError(StorageError):
    """A body that should be XML."""

    code = "InvalidXmlDocument"
    said = "XML specified is not syntactically valid."


class MissingContentLengthError(StorageError):
    """An upload that does not say how long it is."""

    status = 411
    code = "MissingContentLengthHeader"
    said = "Content-Length HTTP header is missing."


class ServerBusyError(StorageError):
    """Azurite is away; it is started again at the next call, and clients try again."""

    status = 503
    code = "ServerBusy"
    said = "The server is currently unable to receive requests. Please retry."


class NotEmulatedError(StorageError):
    """Something that storage in Azure has and this one has not."""

    status = 501
    code = "NotEmulated"
