"""Checks of `cloud_overrides`: what a stack says otherwise of its cloud."""

import re

from components.azure.clouds import OVERRIDABLE
from components.settings.problems import Misfit, MisfitsError

_HOST = r"(?=.{4,253}\Z)[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_ENVIRONMENTS = {
    "azure_native_environment": ("public", "china", "usgovernment"),
    "azuread_environment": ("global", "usgovernment", "usgovernmentl4", "usgovernmentl5", "china"),
}


def cloud_overrides(given: dict[str, str]) -> dict[str, str]:
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
    if name in _ENVIRONMENTS:
        return "" if given in _ENVIRONMENTS[name] else f"one of {', '.join(_ENVIRONMENTS[name])}"
    scheme, accepted = "", "a host name in lower case, without scheme, port or path"
    if name.endswith("audience"):
        scheme, accepted = "https://", "https:// and a host name, with no slash at the end"
    return "" if re.fullmatch(scheme + _HOST, given) else accepted
