"""Entra's error answers, one class each (codes: learn.microsoft.com reference-error-codes)."""

from collections.abc import Iterable

from local_azure.errors import WordedError


class EntraError(WordedError):
    """An answer of the token endpoint other than a token.

    Attributes:
        status: HTTP status.
        error: OAuth's error code.
        code: Entra's own number, as in AADSTS7000215.
    """

    status = 400
    error = "invalid_request"
    code = 900000

    @property
    def description(self) -> str:
        """The sentence as answers have it."""
        return f"AADSTS{self.code}: {self.message}"


class MissingParameterError(EntraError):
    """The request body lacks a field."""

    code = 900144
    said = "The request body must contain the following parameter: '{name}'."


class MissingCredentialError(EntraError):
    """The request says who calls, and proves it by nothing."""

    status = 401
    error = "invalid_client"
    code = 7000218
    said = (
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'."
    )


class TenantNotFoundError(EntraError):
    """Another tenant than the one that exists here."""

    code = 90002
    said = "Tenant '{tenant}' not found. Check the tenant id."


class UnsupportedGrantTypeError(EntraError):
    """A grant type other than client credentials."""

    error = "unsupported_grant_type"
    code = 70003
    said = (
        "The app requested an unsupported grant type '{grant_type}'. "
        "Accepted: 'client_credentials'."
    )


class ApplicationNotFoundError(EntraError):
    """No service principal for this client id."""

    error = "unauthorized_client"
    code = 700016
    said = "Application with identifier '{client_id}' was not found."


class InvalidClientSecretError(EntraError):
    """The secret is none of the application's."""

    status = 401
    error = "invalid_client"
    code = 7000215
    said = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the "
        "client secret value, not the client secret ID, for a secret added to app "
        "'{client_id}'."
    )


class SecretExpiredError(EntraError):
    """The secret's end date has passed."""

    status = 401
    error = "invalid_client"
    code = 7000222
    said = "The provided client secret keys for app '{client_id}' are expired."


class ResourceNotFoundError(EntraError):
    """A token was asked for an audience that is no resource of the tenant."""

    error = "invalid_resource"
    code = 500011
    said = (
        "The resource principal named {resource} was not found in the tenant. "
        "Check the audience, and the cloud that it belongs to."
    )


class InvalidScopeError(EntraError):
    """A v2 scope that is not an audience with ``/.default``."""

    error = "invalid_scope"
    code = 1002012
    said = (
        "The provided value for scope {scope} is not valid. Client credential flows must "
        "have a scope value with /.default suffixed to the resource identifier."
    )


class InvalidTokenError(Exception):
    """A bearer token that a service does not accept; the message says why."""


class NoTokenError(InvalidTokenError):
    """There is none."""


class AudienceError(InvalidTokenError):
    """It is for another audience.

    Attributes:
        found: whom it is for.
    """

    def __init__(self, found: str, accepted: Iterable[str]) -> None:
        self.found = found
        known = " or ".join(repr(audience) for audience in accepted)
        super().__init__(f"Audiences in JWT are not allowed: found '{found}', accepted {known}.")


class ExpiredTokenError(InvalidTokenError):
    """Its time is over.

    Attributes:
        ended: when, in seconds since 1970.
    """

    def __init__(self, ended: float) -> None:
        self.ended = ended
        super().__init__("The token has expired; ask for a new one.")
