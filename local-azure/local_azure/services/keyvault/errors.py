"""The data plane's errors: ``{"error": {"code", "message"}}``, one class each."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.web import WireError


class VaultError(WireError):
    """An answer other than what was asked for.

    Attributes:
        code: the error's code.
        inner: the inner error's code, where there is one.
        headers: what the answer has beside.
    """

    code = "BadParameter"
    inner = ""
    headers: Mapping[str, str] | None = None

    def response(self) -> Response:
        """The answer on the wire."""
        inner = {"innererror": {"code": self.inner}} if self.inner else {}
        error = {"code": self.code, "message": str(self), **inner}
        return JSONResponse({"error": error}, self.status, self.headers)


class InvalidPageError(VaultError):
    """A page of a list that Azure has none of."""


class UnauthorizedError(VaultError):
    """No token, or one that the vault does not accept."""

    status = 401
    code = "Unauthorized"

    def __init__(self, message: str, challenge: str) -> None:
        super().__init__(message)
        self.headers = {"WWW-Authenticate": challenge}


class ForbiddenError(VaultError):
    """The caller's roles do not allow it."""

    status = 403
    code = "Forbidden"
    inner = "ForbiddenByRbac"

    def __init__(self, refusal: AuthorizationFailedError, tenant: str) -> None:
        who = refusal.principal
        # In Azure's words (public reports), whose end none of them shows.
        super().__init__(
            "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny "
            "assignments or role definitions were changed recently, please observe propagation "
            f"time.\r\nCaller: appid={who.client_id};oid={who.object_id};"
            f"iss=https://sts.windows.net/{tenant}/\r\nAction: '{refusal.action}'\r\n"
            f"Resource: '{refusal.scope.lower()}'\r\n"
        )


class ForbiddenByNetworkError(VaultError):
    """A call from a network that the vault is closed to.

    Sentences of public reports; what Azure appends to them (caller and vault) is cut short here.
    """

    status = 403
    code = "Forbidden"

    def __init__(self, vault: str, address: str, *, public: bool) -> None:
        self.inner = "ForbiddenByFirewall" if public else "ForbiddenByConnection"
        said = (
            "Client address is not authorized and caller is not a trusted service.\r\n"
            f"Client address: {address}"
            if public
            else "Public network access is disabled and request is not from a trusted service nor "
            "via an approved private link."
        )
        super().__init__(f"{said}\r\nVault: {vault}")


class DisabledSecretError(VaultError):
    """The secret's value can't be read while it is disabled."""

    status = 403
    code = "Forbidden"
    inner = "SecretDisabled"
    said = "Operation get is not allowed on a disabled secret."


class VaultNotFoundError(VaultError):
    """There is no such vault; in Azure its host name would not even resolve."""

    status = 404
    code = "VaultNotFound"
    said = "There is no key vault '{vault}'."


class SecretNotFoundError(VaultError):
    """There is no such secret, or no such version of it."""

    status = 404
    code = "SecretNotFound"
    said = (
        "A secret with (name/id) {name} was not found in this key vault. If you recently "
        "deleted this secret you may be able to recover it using the correct recovery command."
    )


class SecretIsDeletedError(VaultError):
    """A deleted secret keeps its name until it is recovered or purged."""

    status = 409
    code = "Conflict"
    inner = "ObjectIsDeletedButRecoverable"
    said = (
        "Secret {name} is currently in a deleted but recoverable state, and its name cannot "
        "be reused; in this state, the secret can only be recovered or purged."
    )


class InvalidSecretError(VaultError):
    """A name or value that no secret can have."""
