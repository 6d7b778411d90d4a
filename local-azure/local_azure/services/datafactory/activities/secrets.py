"""Secrets of an activity: a secure string, or a secret of a key vault.

A vault is read with the factory's own identity, unless its linked service names a credential
(D:data-factory/store-credentials-in-key-vault).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from local_azure.runs.transport import HttpRequest
from local_azure.services.datafactory.activities.conversion import is_reference
from local_azure.services.datafactory.activities.tokens import ASKED_WRONG, fetched, identity_token
from local_azure.services.datafactory.lookup import linked_service
from local_azure.services.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.services.datafactory.step import Step

_API_VERSION = "7.4"
_SECURE, _OF_VAULT = "SecureString", "AzureKeyVaultSecret"


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
