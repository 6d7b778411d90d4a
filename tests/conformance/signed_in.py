"""Who is signed in to the shell, as `azure-identity` finds it out."""

import base64
import json
from dataclasses import dataclass

from azure.identity import DefaultAzureCredential

from local_azure_tests.recorded.asking import ARM, Caller


@dataclass(frozen=True)
class SignedIn:
    """Somebody, and as what a stack's settings name them."""

    caller: Caller
    tenant_id: str
    publisher: dict[str, str]


def whoever() -> SignedIn:
    """Whom the environment, a managed identity, `az` or another tool of Azure's has signed in.

    Raises:
        azure.core.exceptions.ClientAuthenticationError: nobody.
    """
    credential = DefaultAzureCredential()
    claims = _claims(credential.get_token(f"{ARM}/.default").token)
    kind = "ServicePrincipal" if claims.get("idtyp") == "app" else "User"
    return SignedIn(Caller(credential), claims["tid"], {"object_id": claims["oid"], "type": kind})


def _claims(token: str) -> dict[str, str]:
    part = token.split(".")[1]
    claims: dict[str, str] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims
