"""The regions of each cloud, as Resource Manager knows them: a resource has one of them.

Sources: D:reliability/regions-list, D:azure-government/compare-azure-government-global-azure and
docs.azure.cn, "Azure China regions". Those of the public cloud with restricted access, and those
for early updates (EUAP, in recordings), are taken, and told to nobody.
"""

import json
from pathlib import Path
from typing import Any

from local_azure.control_plane.clouds import Cloud
from local_azure.control_plane.resource_manager.errors import (
    LocationNotAvailableForResourceGroupError,
    LocationNotAvailableForResourceTypeError,
)
from local_azure.control_plane.resource_manager.resource_type import region

_REGIONS: dict[str, Any] = json.loads(Path(__file__).with_name("regions.json").read_text("utf-8"))


def told(cloud: Cloud) -> list[str]:
    """By their names for people, those that anybody may use."""
    return list(_REGIONS[cloud.name])


def check(arm_type: str, given: str, cloud: Cloud) -> None:
    """That there is such a region; which types a region has is not known here.

    Raises:
        LocationNotAvailableForResourceGroupError: there is none, for a resource group.
        LocationNotAvailableForResourceTypeError: there is none, for another resource.
    """
    known = [region(each) for each in told(cloud)]
    restricted = _REGIONS.get(f"{cloud.name}, restricted", ())
    if region(given) in ("global", *known, *restricted):
        return
    if arm_type == "Microsoft.Resources/resourceGroups":
        raise LocationNotAvailableForResourceGroupError(given, ",".join(known))
    raise LocationNotAvailableForResourceTypeError(given, arm_type, ",".join(known))
