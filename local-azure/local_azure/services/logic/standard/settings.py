"""A site's app settings: what its host needs to run, and what files read by ``@appsetting()``.

Source of what is needed: D:logic-apps/edit-app-settings-host-settings. Azure's host fails in words
of its own, in a log: how it answers what it can't run is UNVERIFIED.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.logic.standard import site_storage

_BUNDLE = "AzureFunctionsJobHost__extensionBundle"
_NEEDED: dict[str, tuple[str, ...]] = {
    "APP_KIND": ("workflowApp",),
    "FUNCTIONS_EXTENSION_VERSION": ("~4",),
    "FUNCTIONS_WORKER_RUNTIME": ("dotnet", "node"),
    f"{_BUNDLE}__id": ("Microsoft.Azure.Functions.ExtensionBundle.Workflows",),
    f"{_BUNDLE}__version": (),
    "WEBSITE_CONTENTSHARE": (),
}
_EXPRESSION = re.compile(r"@appsetting\('(\w+)'\)|@\{appsetting\('(\w+)'\)\}")


class HostNotRunningError(ControlPlaneError):
    """The site's host does not start; what Azure's log says stands behind Azure's sentence."""

    code = "ServiceUnavailable"
    status = 503
    said = "Function host is not running. {why}"


class SettingNotFoundError(LookupError):
    """A file names an app setting that the site does not have, or has another expression."""


def settings_in(body: Mapping[str, Any]) -> dict[str, str]:
    """All app settings of a site, of what was PUT."""
    listed = (body.get("siteConfig") or {}).get("appSettings") or []
    return {each["name"]: str(each.get("value") or "") for each in listed}


def check_host(control: ControlPlane, site: Resource) -> None:
    """Refuse a call of a site whose host does not start.

    Raises:
        HostNotRunningError: the first setting that is missing or wrong.
    """
    for why in _host_problems(control, site, settings_in(site.body)):
        raise HostNotRunningError(why)


def _host_problems(
    control: ControlPlane, site: Resource, settings: Mapping[str, str]
) -> Iterator[str]:
    for name, accepted in _NEEDED.items():
        if not settings.get(name):
            yield f"The app setting {name} is missing."
        elif accepted and settings[name] not in accepted:
            yield f"The app setting {name} is {settings[name]!r}, accepted: {', '.join(accepted)}."
    for name in site_storage.CONNECTIONS:
        if why := site_storage.problem(control, site.body, settings, name):
            yield f"The app setting {name}: {why}."


def resolved(value: Any, settings: Mapping[str, str]) -> Any:
    """A value of parameters.json with what it reads of app settings.

    Raises:
        SettingNotFoundError: one is missing, or an expression is another one.
    """
    if isinstance(value, dict):
        return {key: resolved(each, settings) for key, each in value.items()}
    if isinstance(value, list):
        return [resolved(each, settings) for each in value]
    if not isinstance(value, str) or "@" not in value:
        return value
    return _EXPRESSION.sub(lambda found: _setting(found, settings), _checked(value))


def _checked(text: str) -> str:
    rest = _EXPRESSION.sub("", text)
    whole = text.startswith("@appsetting") and rest
    if rest.startswith("@") or "@{" in rest or whole:
        message = f"The expression {text!r} is none that parameters.json takes: @appsetting alone."
        raise SettingNotFoundError(message)
    return text


def _setting(found: re.Match[str], settings: Mapping[str, str]) -> str:
    name = found[1] or found[2]
    if name not in settings:
        raise SettingNotFoundError(f"The app setting '{name}' is missing.")
    return settings[name]
