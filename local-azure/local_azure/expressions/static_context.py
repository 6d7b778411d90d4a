"""Surroundings written down as JSON, for trying an expression out.

The keys are those of ``local-azure try expressions``: parameters, trigger, actions, variables,
item, items, iterationIndexes, results, workflow, callbackUrl, appSettings, pipeline, activities,
dataset, linkedService, and now (an ISO 8601 time).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_azure.expressions.context import Context, named

_KEYS = (
    "parameters",
    "trigger",
    "actions",
    "variables",
    "item",
    "items",
    "iterationIndexes",
    "results",
    "workflow",
    "callbackUrl",
    "appSettings",
    "pipeline",
    "activities",
    "dataset",
    "linkedService",
    "now",
)
_TABLES = frozenset(
    (
        *("parameters", "actions", "variables", "items", "iterationIndexes", "results"),
        *("appSettings", "activities"),
    )
)


class StaticContext(Context):
    """A context whose every answer is given in advance.

    Args:
        document: as the module's docstring tells; a key that is left out is refused when asked for.

    Raises:
        ValueError: for a key that means nothing here.
        TypeError: for one whose value has no entries by name.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        unknown = sorted(set(document) - set(_KEYS))
        if unknown:
            message = (
                f"The context has the unknown key(s) {', '.join(unknown)}; "
                f"accepted are: {', '.join(_KEYS)}."
            )
            raise ValueError(message)
        for key in _TABLES & document.keys():
            if not isinstance(document[key], dict):
                raise TypeError(f"The context's '{key}' is an object with an entry for each name.")
        self._given = document
        self._now = datetime.fromisoformat(document["now"]) if "now" in document else None

    def now(self) -> datetime:
        """The given time, else the machine's."""
        return self._now or datetime.now(UTC)

    def parameter(self, name: str) -> Any:
        """From ``parameters``."""
        return self._named("parameters", name, "parameters", "parameter")

    def trigger(self) -> Any:
        """``trigger``."""
        return self._given["trigger"] if "trigger" in self._given else super().trigger()

    def action(self, name: str) -> Any:
        """From ``actions``; the record gets its name where it has none."""
        record = self._named("actions", name, "actions", "action")
        return {"name": name, **record} if isinstance(record, dict) else record

    def variable(self, name: str) -> Any:
        """From ``variables``."""
        return self._named("variables", name, "variables", "variable")

    def item(self) -> Any:
        """``item``."""
        return self._given["item"] if "item" in self._given else super().item()

    def loop_item(self, loop: str) -> Any:
        """From ``items``, else ``item``."""
        if "items" not in self._given:
            return self.item()
        return self._named("items", loop, "items", "loop")

    def iteration_index(self, loop: str) -> Any:
        """From ``iterationIndexes``."""
        return self._named("iterationIndexes", loop, "iterationIndexes", "loop")

    def result(self, scope: str) -> Any:
        """From ``results``."""
        return self._named("results", scope, "result", "scope")

    def workflow(self) -> Any:
        """``workflow``."""
        return self._given["workflow"] if "workflow" in self._given else super().workflow()

    def list_callback_url(self) -> str:
        """``callbackUrl``."""
        if "callbackUrl" in self._given:
            return str(self._given["callbackUrl"])
        return super().list_callback_url()

    def app_setting(self, name: str) -> Any:
        """From ``appSettings``."""
        if "appSettings" not in self._given:
            return super().app_setting(name)
        return self._named("appSettings", name, "appsetting", "application setting")

    def pipeline(self) -> Any:
        """``pipeline``."""
        return self._given["pipeline"] if "pipeline" in self._given else super().pipeline()

    def activity(self, name: str) -> Any:
        """From ``activities``, else from ``actions``, whose outputs are the output then."""
        if "activities" in self._given:
            return self._named("activities", name, "activity", "activity")
        record = self._named("actions", name, "activity", "activity")
        return {**record, "output": record.get("outputs")}

    def dataset(self) -> Any:
        """``dataset``."""
        return self._given["dataset"] if "dataset" in self._given else super().dataset()

    def linked_service(self) -> Any:
        """``linkedService``."""
        if "linkedService" in self._given:
            return self._given["linkedService"]
        return super().linked_service()

    def _named(self, key: str, name: str, function: str, kind: str) -> Any:
        return named(self._given.get(key, {}), name, function, kind)
