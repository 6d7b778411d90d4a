"""How an activity authenticates: Basic, service principal, or an identity of the factory.

Client certificates are declined. Source: D:data-factory/control-flow-web-activity for the kinds,
the SDK's types for their keys. A secret is a secure string, or one of a key vault, which is read
with the factory's own identity unless its linked service names a credential
(D:data-factory/store-credentials-in-key-vault).
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from local_azure.control_plane import strict_json
from local_azure.runs.credentials import LOGIN, basic, key_problems, token_request
from local_azure.runs.environment import IdentityError
from local_azure.runs.transport import ConnectionFailedError, HttpRequest
from local_azure.services.datafactory.activities.conversion import is_reference
from local_azure.services.datafactory.lookup import linked_service
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_KEYS = {
    "Basic": frozenset({"username", "password"}),
    "MSI": frozenset({"resource"}),
    "UserAssignedManagedIdentity": frozenset({"resource", "credential"}),
    "ServicePrincipal": frozenset({"userTenant", "username", "password", "resource"}),
}
"""Keys by type: those that it must have."""
ASKED_WRONG, CALL_FAILED = "2103", "2108"
"""Error codes: of an activity that is declared wrong (UNVERIFIED), and of a call that failed."""
_API_VERSION = "7.4"
_SECURE, _OF_VAULT = "SecureString", "AzureKeyVaultSecret"


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
        raise ActivityError(f"The authentication can't be used: {'; '.join(wrong)}.", ASKED_WRONG)
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


def identity_token(step: Step, resource: str, credential: Mapping[str, Any] | None = None) -> str:
    """A token of the factory's own identity, or of the user-assigned one of a credential.

    Raises:
        ActivityError: the factory has no such identity, or it gets no token.
    """
    try:
        return step.environment.identity_token(_identity(step, credential), resource)
    except IdentityError as error:
        raise ActivityError(str(error), CALL_FAILED) from error


async def application_token(step: Step, tenant: str, client: tuple[str, str], resource: str) -> str:
    """A token of a service principal, from the public cloud's login host.

    Args:
        step: the activity.
        tenant: its tenant.
        client: its id and its secret.
        resource: what the token is for.

    Raises:
        ActivityError: it gets none.
    """
    request = token_request(LOGIN, tenant, client, resource)
    what = f"the service principal {client[0]} a token"
    return await fetched(step, request, "access_token", LOGIN, what)


async def fetched(
    step: Step,
    request: HttpRequest,
    key: str,
    whose: str,
    what: str,
    via: Mapping[str, Any] | None = None,
) -> str:
    """A text of the JSON object that a request is answered with.

    Args:
        step: the activity.
        request: the request.
        key: where the text stands in the object.
        whose: who is asked, for messages.
        what: what is asked for, for messages.
        via: a reference to the integration runtime that it is asked from.

    Raises:
        ActivityError: it is not given.
    """
    try:
        answer = await step.send(request, via)
    except ConnectionFailedError as error:
        raise ActivityError(f"{whose} can't be reached: {error}", CALL_FAILED) from error
    if answer.status != HTTPStatus.OK:
        raise ActivityError(f"{whose} did not give {what} ({answer.status}).", CALL_FAILED)
    try:
        found = strict_json.read(answer.body)[key]
    except (ValueError, LookupError, TypeError):
        found = None
    if not isinstance(found, str):
        raise ActivityError(f"The answer of {whose} has no {key!r}.", CALL_FAILED)
    return found


def _identity(step: Step, credential: Mapping[str, Any] | None) -> str | None:
    if credential is None:
        return None
    name = str(credential["referenceName"])
    try:
        found = step.run.factory.document("credentials", name)
    except LookupError:
        raise ActivityError(f"The factory has no credential {name!r}.", ASKED_WRONG) from None
    own = found.get("typeProperties") or {}
    if "resourceId" not in own:
        message = f"The credential {name!r} is none of a user-assigned identity: no resourceId."
        raise ActivityError(message, ASKED_WRONG)
    return str(own["resourceId"])


def is_secret(document: Any) -> bool:
    """Whether something is a secure string or a secret of a key vault."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == _SECURE:
        return "value" in document
    if kind == _OF_VAULT:
        return "secretName" in document and is_reference(
            document.get("store"), "LinkedServiceReference"
        )
    return False


async def secret_value(step: Step, document: Mapping[str, Any]) -> str:
    """The secret.

    Args:
        step: the activity.
        document: what ``is_secret`` says is one, expressions evaluated.

    Raises:
        ActivityError: the vault does not give it.
    """
    if document["type"] == _SECURE:
        return str(document["value"])
    return await _from_vault(step, document)


async def _from_vault(step: Step, document: Mapping[str, Any]) -> str:
    store = linked_service(step, document["store"])
    if store.get("type") != "AzureKeyVault" or "baseUrl" not in store.get("typeProperties", {}):
        message = f"{document['store']['referenceName']!r} is no linked service of a key vault."
        raise ActivityError(message, ASKED_WRONG)
    own = store["typeProperties"]
    base = str(own["baseUrl"]).rstrip("/")
    token = identity_token(step, _audience(base), own.get("credential"))
    name, version = str(document["secretName"]), str(document.get("secretVersion", ""))
    path = "/".join(quote(each, safe="") for each in (name, version) if each)
    url = f"{base}/secrets/{path}?api-version={_API_VERSION}"
    request = HttpRequest("GET", url, {"Authorization": f"Bearer {token}"})
    whose, what = f"The key vault {base}", f"the secret {name!r}"
    return await fetched(step, request, "value", whose, what, store.get("connectVia"))


def _audience(base: str) -> str:
    """What tokens for a vault are for: its host without its own name."""
    return "https://" + (urlsplit(base).hostname or "").partition(".")[2]
