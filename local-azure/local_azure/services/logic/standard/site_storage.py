"""Whether a site reaches the account that it keeps its files and runs in, and its share there.

Sources: D:logic-apps/deploy-single-tenant-logic-apps-private-storage-account (sentences, and that a
private account has a share beforehand), D:app-service/configure-vnet-integration-routing (that the
share is reached by the network where WEBSITE_CONTENTOVERVNET is 1). Which sentence comes of what is
UNVERIFIED.
"""

from collections.abc import Mapping

from local_azure.control_plane import arm_types
from local_azure.control_plane.networks.firewall import reaches
from local_azure.control_plane.networks.origins import AZURE, Origin
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.account_keys import keys_of
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.store import Resource

_RUNS, _FILES = "AzureWebJobsStorage", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"
CONNECTIONS = (_RUNS, _FILES)
"""App settings that name the account."""
_SENTINELS = "C:\\home\\data\\Functions\\secrets\\Sentinels"


class ShareCreationError(ControlPlaneError):
    """A share that nobody can look at (hashicorp/terraform-provider-azurerm#25419)."""

    code = "BadRequest"
    said = (
        "Creation of storage file share failed with: 'The remote server returned an error: "
        "(403) Forbidden.'. Please check if the storage account is accessible."
    )


def network_of(site: Json) -> str:
    """Id of the network that a site with this body calls from, or nothing."""
    return str(site.get("virtualNetworkSubnetId") or "").partition("/subnets/")[0]


def check_share(control: ControlPlane, site: Json, settings: Mapping[str, str]) -> None:
    """Refuse a site whose share is looked at from outside of a network that alone leads there.

    Raises:
        ShareCreationError: it is.
    """
    account = _account(control, settings.get(_FILES, ""))
    origin = _origin(site, settings, "file")
    if account and origin == AZURE and not reaches(control, account, "file", origin):
        raise ShareCreationError


def problem(control: ControlPlane, site: Json, settings: Mapping[str, str], name: str) -> str:
    """Why the account that a setting names is of no use to the site's host; nothing if it is."""
    account = _account(control, settings.get(name, ""))
    if account is None:
        return "it names no storage account"
    if account.properties.get("allowSharedKeyAccess") is False:
        return f"Access to the path '{_SENTINELS}' is denied"
    if _parts(settings[name]).get("AccountKey") not in keys_of(control, account):
        return "its key is none of the account's"
    if name == _FILES:
        return _of_files(control, site, settings, account)
    return _of_runs(control, site, settings, account)


def _of_runs(
    control: ControlPlane, site: Json, settings: Mapping[str, str], account: Resource
) -> str:
    for group in ("blob", "queue", "table"):
        if not reaches(control, account, group, _origin(site, settings, group)):
            return f"Encountered an error (ServiceUnavailable) from host runtime: no way to {group}"
    return ""


def _of_files(
    control: ControlPlane, site: Json, settings: Mapping[str, str], account: Resource
) -> str:
    if not reaches(control, account, "file", _origin(site, settings, "file")):
        return f"The network path was not found: '{_SENTINELS}'"
    share = f"{account.id}/fileServices/default/shares/{settings.get('WEBSITE_CONTENTSHARE')}"
    # One in an account that is reached from everywhere comes with the site.
    if reaches(control, account, "file", AZURE) or control.resources.find(share):
        return ""
    return "Could not find a part of the path 'C:\\home\\site\\wwwroot'"


def _origin(site: Json, settings: Mapping[str, str], group: str) -> Origin:
    network = network_of(site)
    by_network = group != "file" or settings.get("WEBSITE_CONTENTOVERVNET") == "1"
    return Origin(network=network) if network and by_network else AZURE


def _account(control: ControlPlane, text: str) -> Resource | None:
    return control.resources.named(arm_types.STORAGE_ACCOUNT, _parts(text).get("AccountName", ""))


def _parts(text: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in text.split(";") if part)
