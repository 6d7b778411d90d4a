"""Get Metadata: whether a file or a folder of blob storage exists, and what lies in a folder.

A folder exists where a blob lies below it. The other fields are declined.
Source: D:data-factory/control-flow-get-metadata-activity.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import POLICY, is_reference
from local_azure.services.datafactory.copying.blobs import COPY_FAILED, File
from local_azure.services.datafactory.copying.place import place
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_FIELDS = ("exists", "childItems")
_SETTINGS = ({"type"}, {"type", "recursive"})


class GetMetadata(ActivityType):
    """Looks at a file or a folder."""

    type = "GetMetadata"
    required = frozenset({"dataset", "fieldList"})
    optional = frozenset({"storeSettings", "formatSettings"})
    policy = POLICY

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with its dataset and its fields."""
        own = activity["typeProperties"]
        if not is_reference(own.get("dataset"), "DatasetReference"):
            yield "dataset is a reference to a dataset"
        fields = own.get("fieldList")
        if not isinstance(fields, list) or not fields or not set(map(str, fields)) <= {*_FIELDS}:
            yield f"fieldList is a list of {', '.join(_FIELDS)} (no other is emulated)"
        for key in ("storeSettings", "formatSettings"):
            if not isinstance(own.get(key, {}), dict) or set(own.get(key, {})) not in (
                set(),
                *_SETTINGS,
            ):
                yield f"{key} have their type, and recursive (no other is emulated)"

    async def run(self, step: Step) -> Any:
        """Look."""
        inputs = step.record.inputs
        found = place(step, inputs["dataset"])
        below = await found.blobs.below(found.folder + found.file)
        if found.file:
            below = [each for each in below if each.name == found.folder + found.file]
        told: dict[str, Any] = {"exists": bool(below)}
        if not below and "exists" not in inputs["fieldList"]:
            message = f"Nothing lies at {found.blobs.url}/{found.folder}{found.file}."
            raise ActivityError(message, COPY_FAILED)
        if below:
            told["childItems"] = _children(below, found.folder)
        return {field: told[field] for field in inputs["fieldList"] if field in told}


def _children(below: list[File], folder: str) -> list[dict[str, str]]:
    parts = [each.name.removeprefix(folder).partition("/") for each in below]
    kinds = {name: "Folder" if slash else "File" for name, slash, _ in parts if name}
    return [{"name": name, "type": kind} for name, kind in kinds.items()]
