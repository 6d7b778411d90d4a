"""What a provider is configured with: who asks, in which cloud, with which default region.

A client id without a secret is who is signed in, as the Azure CLI tells azure-native where it is
given no secret: only this user's own processes get here (``peers``). Without either a provider acts
as the subscription's Owner. Everything that would select another way of signing in is refused: the
embedded Azure could only pretend to heed it.
"""

from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import ApplicationNotFoundError
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.pulumi.kind import Caller, Json

_HEEDED = {"clientId", "clientSecret", "environment", "location", "subscriptionId", "tenantId"}
_WITHOUT_EFFECT = {"version", "pluginDownloadURL", "disablePulumiPartnerId", "partnerId"}
_ENVIRONMENTS = {name: cloud for cloud in CLOUDS for name in cloud.environments}


def configured(control: ControlPlane, given: Json) -> Caller:
    """The caller that a provider's configuration describes.

    Raises:
        ValueError: a setting that can't be heeded here; names it, what was found and accepted.
        EntraError: credentials that are not known to the directory.
    """
    given = {k: v for k, v in given.items() if v not in ("", False) and not k.startswith("__")}
    if unknown := sorted(set(given) - _HEEDED - _WITHOUT_EFFECT):
        message = (
            f"Provider settings {', '.join(unknown)}: not emulated. "
            f"Accepted: {', '.join(sorted(_HEEDED))}."
        )
        raise ValueError(message)
    _only(given, "tenantId", TENANT_ID)
    _only(given, "subscriptionId", SUBSCRIPTION_ID)
    environment = given.get("environment", "public")
    if environment not in _ENVIRONMENTS:
        accepted = ", ".join(_ENVIRONMENTS)
        message = f"Provider setting environment: found {environment!r}, accepted: {accepted}."
        raise ValueError(message)
    return Caller(_principal(control, given), _ENVIRONMENTS[environment], given.get("location"))


def _principal(control: ControlPlane, given: Json) -> Principal:
    if "clientId" not in given:
        return DEPLOYER
    if "clientSecret" in given:
        return control.directory.authenticate(given["clientId"], given["clientSecret"])
    known = control.directory.find_client(given["clientId"])
    if known is None:
        raise ApplicationNotFoundError(given["clientId"])
    return known


def _only(given: Json, key: str, value: str) -> None:
    if given.get(key, value).lower() != value:
        message = f"Provider setting {key}: found {given[key]!r}; here exists only {value!r}."
        raise ValueError(message)
