"""The stack's cloud: what it says otherwise of it, and what the providers' own keys say.

What the shell says (`ARM_ENVIRONMENT`) is not looked at: a stack outside of the public cloud says
so in its stack file, where everybody sees it.
"""

import re
from collections.abc import Mapping

from components.azure.clouds import OVERRIDABLE, Cloud
from components.settings.problems import Misfit, MisfitsError, Problem, shown

AZURE_NATIVE = "azure-native:environment"
AZUREAD = "azuread:environment"
LOCATION = "azure-native:location"
"""The region, where the program's own key gives none."""
ENVIRONMENTS = (AZURE_NATIVE, AZUREAD, LOCATION)

_HOST = r"(?=.{4,253}\Z)[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_PROVIDERS = {
    "azure_native_environment": ("public", "china", "usgovernment"),
    "azuread_environment": ("global", "usgovernment", "usgovernmentl4", "usgovernmentl5", "china"),
}
# Other names that pulumi-azuread takes for the same cloud, as its documentation has them.
_SAME = {"public": "global", "usgovernment": "usgovernmentl4", "dod": "usgovernmentl5"}


def overridden(given: dict[str, str]) -> dict[str, str]:
    """A check: values of a cloud, by the names that they have in `components/azure/clouds.py`.

    Raises:
        MisfitsError: names or values are others.
    """
    refused = {name: _refused(name, value) for name, value in given.items()}
    if misfits := [Misfit((name,), accepted) for name, accepted in refused.items() if accepted]:
        raise MisfitsError(misfits)
    return given


def _refused(name: str, given: str) -> str:
    """What would be accepted instead; empty if the value is."""
    if name not in OVERRIDABLE:
        return f"these names: {', '.join(OVERRIDABLE)}"
    if name in _PROVIDERS:
        return "" if given in _PROVIDERS[name] else f"one of {', '.join(_PROVIDERS[name])}"
    scheme, accepted = "", "a host name in lower case, without scheme, port or path"
    if name.endswith("audience"):
        scheme, accepted = "https://", "https:// and a host name, with no slash at the end"
    return "" if re.fullmatch(scheme + _HOST, given) else accepted


def mismatches(cloud: Cloud, given: Mapping[str, str]) -> list[Problem]:
    """Providers that are set to another cloud, or that would take the public one."""
    azuread = given.get(AZUREAD, "global")
    settings = (
        (AZURE_NATIVE, given.get(AZURE_NATIVE, "public"), cloud.azure_native_environment),
        (AZUREAD, _SAME.get(azuread, azuread), cloud.azuread_environment),
    )
    return [
        Problem(
            key,
            shown(given[key]) if key in given else f"nothing, which stands for {found}",
            f"{accepted}, because cloud is {cloud.name}",
            f"{key}: {accepted}",
        )
        for key, found, accepted in settings
        if found != accepted
    ]
