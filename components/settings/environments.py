"""What the providers' own keys say: their cloud, which is the program's, and perhaps a region.

What the shell says (`ARM_ENVIRONMENT`) is not looked at: a stack outside of the public cloud says
so in its stack file, where everybody sees it.
"""

from collections.abc import Mapping

from components.azure.clouds import Cloud
from components.settings.problems import Problem, shown

AZURE_NATIVE = "azure-native:environment"
AZUREAD = "azuread:environment"
LOCATION = "azure-native:location"
"""The region, where the program's own key gives none."""
ENVIRONMENTS = (AZURE_NATIVE, AZUREAD, LOCATION)

# Other names that pulumi-azuread takes for the same cloud, as its documentation has them.
_SAME = {"public": "global", "usgovernment": "usgovernmentl4", "dod": "usgovernmentl5"}


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
