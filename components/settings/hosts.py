"""Checks of what names a host: a cloud's values, and the scoring URI of an endpoint.

A URI is taken in its plain form only: https, no user, no port, no query, no fragment.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from components.azure.clouds import OVERRIDABLE
from components.settings.problems import Refusal

_HOST = r"(?=.{4,253}\Z)[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_SCORING = re.compile(r"https://([A-Za-z0-9-]+)\.([a-z0-9]+)\.([a-z0-9.-]+)/jobs")

_ENVIRONMENTS = {
    "azure_native_environment": ("public", "china", "usgovernment"),
    "azuread_environment": ("global", "usgovernment", "usgovernmentl4", "usgovernmentl5", "china"),
}


class ScoringUri(NamedTuple):
    """The parts of `https://<endpoint>.<region>.<inference suffix>/jobs`."""

    endpoint: str
    region: str
    suffix: str


def cloud_overrides(value: dict[str, Any]) -> list[Refusal]:
    """Values of a cloud, by the names that they have in `components/azure/clouds.py`."""
    return [
        Refusal(accepted, path=f".{name}", found=given)
        for name, given in value.items()
        if (accepted := _refused(name, given))
    ]


def _refused(name: str, given: Any) -> str:
    """What would be accepted instead; empty if the value is."""
    if name not in OVERRIDABLE:
        return f"these names: {', '.join(OVERRIDABLE)}"
    if name in _ENVIRONMENTS:
        return "" if given in _ENVIRONMENTS[name] else f"one of {', '.join(_ENVIRONMENTS[name])}"
    scheme, accepted = "", "a host name in lower case, without scheme, port or path"
    if name.endswith("audience"):
        scheme, accepted = "https://", "https:// and a host name, with no slash at the end"
    fits = isinstance(given, str) and re.fullmatch(scheme + _HOST, given)
    return "" if fits else accepted


def scoring_uri(value: str) -> list[Refusal]:
    """The URI that jobs of a batch endpoint are posted to."""
    accepted = "https://<endpoint>.<region>.<inference suffix of the cloud>/jobs"
    return [] if _SCORING.fullmatch(value) else [Refusal(accepted)]


def parts_of(uri: str) -> ScoringUri:
    """The parts of a scoring URI that has been accepted.

    Raises:
        ValueError: it has another form.
    """
    found = _SCORING.fullmatch(uri)
    if not found:
        raise ValueError(f"{uri!r} is no scoring URI.")
    return ScoringUri(*found.groups())
