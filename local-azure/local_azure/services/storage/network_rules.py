"""An account's firewall, between azure-native's names and Resource Manager's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_azure.control_plane.resource_manager.answers import present
from local_azure.control_plane.resource_manager.form import of_items
from local_azure.control_plane.resource_manager.resource_type import Json

_LISTED = of_items("privateEndpointConnections")
_RULE_KEYS = (("iPAddressOrRange", "value"), ("virtualNetworkResourceId", "id"))


def nested(properties: Json) -> Json:
    """Properties as Resource Manager has them; see ``Form``."""
    return _rules_renamed(_LISTED.nested(properties), dict(_RULE_KEYS))


def hoisted(properties: Json) -> Json:
    """Properties as azure-native has them."""
    return _rules_renamed(
        _LISTED.hoisted(properties), {theirs: ours for ours, theirs in _RULE_KEYS}
    )


def _rules_renamed(properties: Json, names: Mapping[str, str]) -> Json:
    """The rules of the firewall, whose keys azure-native calls otherwise."""
    rules = properties.get("networkAcls")
    if not isinstance(rules, dict):
        return properties
    return {
        **properties,
        "networkAcls": {key: _renamed(each, names) for key, each in rules.items()},
    }


def _renamed(rules: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(rules, list):
        return rules
    return [
        {names.get(key, key): value for key, value in each.items()}
        if isinstance(each, dict)
        else each
        for each in rules
    ]


def told(given: Json) -> Json:
    """The firewall as a GET tells it."""
    rules = [{"action": "Allow", **each} for each in given.get("ipRules") or ()]
    return {
        "bypass": "AzureServices",
        "defaultAction": "Allow",
        "virtualNetworkRules": [],
        **present(given),
        "ipRules": rules,
    }
