"""How Resource Manager refuses a call without a token that holds there.

Codes and sentences are of public reports: hashicorp/terraform-provider-azurerm#3612 (none), #20867
(expired; it is the gateway that refuses), Azure/azure-cli#5767 (another scheme),
Azure-Samples/active-directory-dotnetcore-daemon-v2#145 (audience), Azure/azure-powershell#27882
(invalid); what a sentence of ours adds stands behind. Clients read in ``WWW-Authenticate`` which
tenant a subscription is of (hashicorp/packer); its host in other clouds than the public one, and
its description where a token came, are UNVERIFIED.
"""

from datetime import UTC, datetime
from types import MappingProxyType

from local_azure.control_plane import clouds
from local_azure.control_plane.clock import american
from local_azure.control_plane.clouds import Cloud
from local_azure.control_plane.entra.errors import (
    AudienceError,
    ExpiredTokenError,
    InvalidTokenError,
    NoTokenError,
)
from local_azure.control_plane.resource_manager.errors import GatewayError
from local_azure.control_plane.tenant import TENANT_ID

_FAILED = "Authentication failed. The 'Authorization' header is"
_MISSING = "The authentication failed because of missing 'Authorization' header."


class RefusedTokenError(GatewayError):
    """A call without a token, or with one that does not hold.

    Args:
        code: Azure's.
        message: for the caller.
        login: host that issues tokens.
        description: what the header says; the message, where nothing is given.
    """

    status = 401

    def __init__(self, code: str, message: str, login: str, description: str = "") -> None:
        super().__init__(message)
        self.code = code
        challenge = (
            f'Bearer authorization_uri="https://{login}/{TENANT_ID}", error="invalid_token", '
            f'error_description="{description or message}"'
        )
        self.headers = MappingProxyType({**self.headers, "WWW-Authenticate": challenge})


def refused(
    error: InvalidTokenError, authorization: str | None, cloud: Cloud, now: datetime
) -> RefusedTokenError:
    """The refusal of a token.

    Args:
        error: what is wrong with it.
        authorization: the request's header.
        cloud: whose host was called.
        now: the time.
    """
    login = "login.windows.net" if cloud is clouds.PUBLIC else cloud.login_host
    match error:
        case NoTokenError() if not authorization:
            return RefusedTokenError("AuthenticationFailed", f"{_FAILED} missing.", login, _MISSING)
        case NoTokenError():
            message = f"{_FAILED} provided in an invalid format."
            return RefusedTokenError("AuthenticationFailedInvalidHeader", message, login)
        case AudienceError():
            message = _wrong_audience(error.found, cloud)
            return RefusedTokenError("InvalidAuthenticationTokenAudience", message, login)
        case ExpiredTokenError():
            ended = datetime.fromtimestamp(error.ended, UTC)
            message = (
                f"The access token expiry UTC time '{american(ended)}' is earlier than current "
                f"UTC time '{american(now)}'."
            )
            return RefusedTokenError("ExpiredAuthenticationToken", message, login)
    message = f"The access token is invalid. {error}"
    return RefusedTokenError("InvalidAuthenticationToken", message, login)


def audiences(cloud: Cloud) -> tuple[str, ...]:
    """Whom a token for Resource Manager is for: the older name and the host's own."""
    return (cloud.arm_audience, f"https://{cloud.arm_host}")


def _wrong_audience(found: str, cloud: Cloud) -> str:
    accepted = ",".join(f"'{each}/','{each}'" for each in audiences(cloud))
    return (
        f"The access token has been obtained for wrong audience or resource '{found}'. It should "
        f"exactly match with one of the allowed audiences {accepted}."
    )
