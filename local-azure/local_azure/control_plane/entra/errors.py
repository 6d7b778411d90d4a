"""Entra's error answers, one class each (codes: learn.microsoft.com reference-error-codes)."""


class EntraError(Exception):
    """An answer of the token endpoint other than a token.

    Attributes:
        status: HTTP status.
        error: OAuth's error code.
        code: Entra's own number, as in AADSTS7000215.
    """

    status = 400
    error = "invalid_request"
    code = 900000

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = f"AADSTS{self.code}: {description}"


class MissingParameterError(EntraError):
    """The request body lacks a field."""

    code = 900144

    def __init__(self, name: str) -> None:
        super().__init__(f"The request body must contain the following parameter: '{name}'.")


class MissingCredentialError(EntraError):
    """The request says who calls, and proves it by nothing."""

    status = 401
    error = "invalid_client"
    code = 7000218

    def __init__(self) -> None:
        super().__init__(
            "The request body must contain the following parameter: 'client_assertion' or "
            "'client_secret'."
        )


class TenantNotFoundError(EntraError):
    """Another tenant than the one that exists here."""

    code = 90002

    def __init__(self, tenant: str) -> None:
        super().__init__(f"Tenant '{tenant}' not found. Check the tenant id.")


class UnsupportedGrantTypeError(EntraError):
    """A grant type other than client credentials."""

    error = "unsupported_grant_type"
    code = 70003

    def __init__(self, grant_type: str) -> None:
        super().__init__(
            f"The app requested an unsupported grant type '{grant_type}'. "
            "Accepted: 'client_credentials'."
        )


class ApplicationNotFoundError(EntraError):
    """No service principal for this client id."""

    error = "unauthorized_client"
    code = 700016

    def __init__(self, client_id: str) -> None:
        super().__init__(f"Application with identifier '{client_id}' was not found.")


class InvalidClientSecretError(EntraError):
    """The secret is none of the application's."""

    status = 401
    error = "invalid_client"
    code = 7000215

    def __init__(self, client_id: str) -> None:
        super().__init__(
            "Invalid client secret provided. Ensure the secret being sent in the request is the "
            "client secret value, not the client secret ID, for a secret added to app "
            f"'{client_id}'."
        )


class SecretExpiredError(EntraError):
    """The secret's end date has passed."""

    status = 401
    error = "invalid_client"
    code = 7000222

    def __init__(self, client_id: str) -> None:
        super().__init__(f"The provided client secret keys for app '{client_id}' are expired.")


class ResourceNotFoundError(EntraError):
    """A token was asked for an audience that is no resource of the tenant."""

    error = "invalid_resource"
    code = 500011

    def __init__(self, resource: str) -> None:
        super().__init__(
            f"The resource principal named {resource} was not found in the tenant. "
            "Check the audience, and the cloud that it belongs to."
        )


class InvalidScopeError(EntraError):
    """A v2 scope that is not an audience with ``/.default``."""

    error = "invalid_scope"
    code = 1002012

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"The provided value for scope {scope} is not valid. Client credential flows must "
            "have a scope value with /.default suffixed to the resource identifier."
        )


class InvalidTokenError(Exception):
    """A bearer token that a service does not accept; the message says why."""
