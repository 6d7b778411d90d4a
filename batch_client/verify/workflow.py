"""Where the stack's workflow is asked about: at the workflow, or in a Standard plan at its site.

A site's host tells of runs and triggers by way of Resource Manager (`hostruntime`); its parameters
are in a file of the site, where a secret one names an app setting.
"""

from typing import Any, NamedTuple

LOGIC_VERSION = "2019-05-01"
_SITES = "/providers/microsoft.web/sites/"
_HOST_RUNTIME = "/hostruntime/runtime/webhooks/workflow/api/management/workflows/"


class Workflow(NamedTuple):
    """A workflow, by where it is asked about."""

    id: str
    """Its resource id."""

    @property
    def is_hosted(self) -> bool:
        """Whether a site of a Standard plan runs it."""
        return _SITES in self.id.lower()

    @property
    def runtime(self) -> str:
        """What the paths of its runs and triggers begin with."""
        site, _, name = self.id.rpartition("/workflows/")
        return f"{site}{_HOST_RUNTIME}{name}" if self.is_hosted else self.id

    @property
    def runtime_version(self) -> str:
        """Version of the API that tells of those."""
        return "2018-11-01" if self.is_hosted else self.version

    @property
    def version(self) -> str:
        """Version of the API that tells of itself."""
        return "2025-05-01" if self.is_hosted else LOGIC_VERSION

    def state(self, told: dict[str, Any]) -> str:
        """Its state, in what it tells of itself; one that can't run has its error in it."""
        health = told.get("health") or {}
        if health.get("state", "Healthy") == "Healthy":
            return str(told.get("flowState" if self.is_hosted else "state"))
        return f"{health['state']} ({(health.get('error') or {}).get('message', 'no reason told')})"

    def definition(self, told: dict[str, Any]) -> dict[str, Any]:
        """What it does; of a site's workflow in its file, from where public clients read it."""
        file = (told.get("files") or {}).get("workflow.json") or {}
        return (file if self.is_hosted else told).get("definition") or {}

    def parameters(self, told: dict[str, Any]) -> dict[str, Any]:
        """The values that it runs with, without the secret ones.

        That a site tells parameters.json among its files is UNVERIFIED.
        """
        files = told.get("files") or {}
        listed = files.get("parameters.json") if self.is_hosted else told.get("parameters")
        return {
            name: each["value"]
            for name, each in (listed or {}).items()
            if "value" in each and "@appsetting(" not in str(each["value"])
        }
