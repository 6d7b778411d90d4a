"""How a Web activity authenticates: Basic, service principal, or an identity of the factory.

Client certificates are declined. Source: D:data-factory/control-flow-web-activity for the kinds,
the SDK's types for their keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.runs.credentials import basic, key_problems
from local_azure.services.datafactory.activities.conversion import is_reference
from local_azure.services.datafactory.activities.secrets import is_secret, secret_value
from local_azure.services.datafactory.activities.tokens import (
    ASKED_WRONG,
    application_token,
    identity_token,
)
from local_azure.services.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.services.datafactory.step import Step

# Keys by type: those that it must have.
_KEYS = {
    "Basic": frozenset({"username", "password"}),
    "MSI": frozenset({"resource"}),
    "UserAssignedManagedIdentity": frozenset({"resource", "credential"}),
    "ServicePrincipal": frozenset({"userTenant", "username", "password", "resource"}),
}


def authentication_problems(document: Any) -> Iterator[str]:
    """What is wrong with an activity's ``authentication``."""
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _KEYS:
        yield f"authentication of type {kind!r} is not emulated; emulated are {', '.join(_KEYS)}"
        return
    yield from key_problems(document, _KEYS[kind])
    if "credential" in document and not is_reference(document["credential"], "CredentialReference"):
        yield "its credential is a reference to a credential"
    if "password" in document and not is_secret(document["password"]):
        yield "its password is a SecureString or an AzureKeyVaultSecret"


async def authorization(step: Step, document: Mapping[str, Any] | None) -> dict[str, str]:
    """The headers that authenticate a request, made anew for each.

    Args:
        step: the activity.
        document: its ``authentication``, expressions evaluated.

    Raises:
        ActivityError: no credential could be had.
    """
    if document is None:
        return {}
    if wrong := list(authentication_problems(document)):
        message = f"The authentication can't be used: {'; '.join(wrong)}."
        raise ActivityError(message, ASKED_WRONG)
    if document["type"] == "Basic":
        return basic(document["username"], await secret_value(step, document["password"]))
    return {"Authorization": f"Bearer {await _token(step, document)}"}


async def _token(step: Step, document: Mapping[str, Any]) -> str:
    resource = str(document["resource"])
    if document["type"] == "ServicePrincipal":
        secret = await secret_value(step, document["password"])
        tenant, client = str(document["userTenant"]), str(document["username"])
        return await application_token(step, tenant, (client, secret), resource)
    return identity_token(step, resource, document.get("credential"))
