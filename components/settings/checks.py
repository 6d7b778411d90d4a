"""Checks of single values: each takes what is accepted and makes a function that lists refusals.

They see values of the right type only, and never the default that stands for "not given".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from components.azure import naming
from components.settings.problems import UNSAID, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

Check = Callable[[Any], list[Refusal]]

GUID = "(?!0{8}(?:-0{4}){3}-0{12})[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""Any but the zeros of the examples."""

INT32 = 2**31 - 1
PRINCIPAL_TYPES = ("User", "Group", "ServicePrincipal")
_ROLE = re.compile(
    f"(?:/subscriptions/{GUID})?/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
)
# Limits of tags: UNVERIFIED. Of 50 three are the program's own.
_MOST_TAGS = 47
_LONGEST_TAG_NAME = 128
_LONGEST_TAG_VALUE = 256


def anything(_: Any) -> list[Refusal]:
    """Every value of the key's type is accepted."""
    return []


def one_of(*values: str) -> Check:
    """One of a few words, spelled exactly so."""
    accepted = f"one of {', '.join(values)}"
    return lambda value: [] if value in values else [Refusal(accepted)]


def between(lowest: int, highest: int, what: str = "") -> Check:
    """A whole number within bounds, both included."""
    accepted = f"a whole number from {lowest} to {highest}" + (f": {what}" if what else "")
    return lambda value: [] if lowest <= value <= highest else [Refusal(accepted)]


def matching(pattern: str, accepted: str) -> Check:
    """A text that matches the pattern from its beginning to its end."""
    return lambda value: [] if re.fullmatch(pattern, value) else [Refusal(accepted)]


def named(kind: str) -> Check:
    """A name as Azure allows it for a type of resource."""

    def check(name: str) -> list[Refusal]:
        broken = naming.check(kind, name)
        return [Refusal(broken)] if broken else []

    return check


def resource_id(kind: str) -> Check:
    """The full id of a resource of one type, directly in a resource group."""
    shape = f"/subscriptions/<subscription id>/resourceGroups/<group>/providers/{kind}/<name>"
    pattern = re.compile(
        rf"/subscriptions/{GUID}/resourceGroups/([^/]+)/providers/{re.escape(kind)}/([^/]+)",
        re.IGNORECASE,
    )

    def check(value: str) -> list[Refusal]:
        parts = pattern.fullmatch(value)
        if not parts:
            return [Refusal(f"a resource id of the form {shape}")]
        group, name = parts.groups()
        broken = (
            naming.check("Microsoft.Resources/resourceGroups", group),
            naming.check(kind, name),
        )
        return [Refusal(f"a resource id of the form {shape}. {rule}") for rule in broken if rule]

    return check


def fields(**checks: Check) -> Check:
    """An object with exactly these fields, each of them a text that is not empty."""

    def check(value: Any) -> list[Refusal]:
        accepted = f"an object with {' and '.join(checks)}, each of them text, and nothing else"
        if not isinstance(value, dict) or set(value) != set(checks):
            return [Refusal(accepted)]
        if not all(map(_is_text, value.values())):
            return [Refusal(accepted)]
        return _inside(".{}", ((name, value[name], checks[name]) for name in checks))

    return check


def each(check: Check) -> Check:
    """A list whose every item is accepted."""
    return lambda items: _inside("[{}]", ((at, item, check) for at, item in enumerate(items)))


def _inside(place: str, parts: Iterable[tuple[Any, Any, Check]]) -> list[Refusal]:
    """What the checks of a value's parts refuse, told as refusals of the value."""
    return [
        Refusal(
            accepted=refusal.accepted,
            path=place.format(name) + refusal.path,
            found=part if refusal.found is UNSAID else refusal.found,
        )
        for name, part, check in parts
        for refusal in check(part)
    ]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


principal = fields(
    object_id=matching(GUID, "the object id in Entra, a GUID other than the example's zeros"),
    type=one_of(*PRINCIPAL_TYPES),
)


def role_definition(value: str) -> list[Refusal]:
    """The full id of a role definition."""
    accepted = (
        "the id of a role definition: /subscriptions/<subscription id>"
        "/providers/Microsoft.Authorization/roleDefinitions/<GUID>"
    )
    return [] if _ROLE.fullmatch(value) else [Refusal(accepted)]


def location(value: str) -> list[Refusal]:
    """The name of a region, as the Resource Manager has it and not as people see it."""
    name = r"[a-z][a-z0-9]{2,39}"
    if re.fullmatch(name, value):
        return []
    meant = value.lower().replace(" ", "")
    accepted = "the name of a region in lower-case letters and digits, such as westeurope"
    return [Refusal(accepted, meant) if re.fullmatch(name, meant) else Refusal(accepted)]


def ip_range(value: Any) -> list[Refusal]:
    """A range of IPv4 addresses."""
    accepted = "IPv4 ranges in CIDR notation, such as 203.0.113.0/24"
    try:
        ipaddress.IPv4Network(value if isinstance(value, str) and "/" in value else "")
    except ValueError:
        return [Refusal(accepted)]
    return []


def tags(value: dict[str, Any]) -> list[Refusal]:
    """Tags as every type of resource takes them: storage accounts have the narrowest rule.

    D:azure-resource-manager/management/tag-resources; batch endpoints take no empty value
    (Azure/azure-sdk-for-python#41586).
    """
    accepted = (
        f"up to {_MOST_TAGS} tags, names of 1 to {_LONGEST_TAG_NAME} characters without"
        f" any of < > % & \\ ? /, values text of 1 to {_LONGEST_TAG_VALUE} characters"
    )
    if len(value) > _MOST_TAGS:
        return [Refusal(accepted)]
    return [
        Refusal(accepted, path=f".{name}", found=text)
        for name, text in value.items()
        if not _is_tag(name, text)
    ]


def _is_tag(name: Any, text: Any) -> bool:
    return (
        isinstance(name, str)
        and 0 < len(name) <= _LONGEST_TAG_NAME
        and not set(name) & set("<>%&\\?/")
        and isinstance(text, str)
        and 0 < len(text) <= _LONGEST_TAG_VALUE
    )
