"""Surroundings written down as JSON, for trying an expression out.

The keys are those of ``local-azure try expressions``: parameters, trigger, actions, variables,
item, items, iterationIndexes, results, workflow, callbackUrl, appSettings, pipeline, activities,
dataset, linkedService, and now (an ISO 8601 time).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_azure.expressions.context import Context, named, refuse

_GIVEN = {
    "parameters": ("parameters", "parameter"),
    "trigger": ("trigger", ""),
    "actions": ("actions", "action"),
    "variables": ("variables", "variable"),
    "item": ("item", ""),
    "items": ("items", "loop"),
    "iterationIndexes": ("iterationIndexes", "loop"),
    "result": ("results", "scope"),
    "workflow": ("workflow", ""),
    "listCallbackUrl": ("callbackUrl", ""),
    "appsetting": ("appSettings", "application setting"),
    "pipeline": ("pipeline", ""),
    "activity": ("activities", "activity"),
    "dataset": ("dataset", ""),
    "linkedService": ("linkedService", ""),
}
"""The key of what a function is answered, and what has an entry there; none where it is whole."""
_KEYS = (*(key for key, _ in _GIVEN.values()), "now")
_TABLES = frozenset(key for key, kind in _GIVEN.values() if kind)


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

    def ask(self, function: str, *names: str) -> Any:
        """What is given for a function."""
        if function == "items" and "items" not in self._given:
            return self.ask("item")
        if function == "activity" and "activities" not in self._given:
            record = named(self._given.get("actions", {}), names[0], "activity", "activity")
            return {**record, "output": record.get("outputs")}
        key, kind = _GIVEN.get(function, ("", ""))
        if key not in self._given and (not kind or function == "appsetting"):
            return refuse(function, *names)
        if not kind:
            return self._given[key]
        found = named(self._given.get(key, {}), names[0], function, kind)
        # A record gets its name where it has none.
        is_record = function == "actions" and isinstance(found, dict)
        return {"name": names[0], **found} if is_record else found
