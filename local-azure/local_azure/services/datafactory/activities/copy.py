"""Copy: from one place on blob storage to another, byte for byte.

Binary to Binary. Staging, mapping, merging, flattening and compression are declined. Source:
D:data-factory/copy-activity-overview, format-binary, connector-azure-blob-storage.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import POLICY, is_reference
from local_azure.services.datafactory.copying.place import place, selected
from local_azure.services.datafactory.step import Step

_DATASET = "DatasetReference"
_STORES: dict[str, tuple[str, frozenset[str]]] = {
    "source": (
        "AzureBlobStorageReadSettings",
        frozenset(
            {"recursive", "wildcardFileName", "modifiedDatetimeStart", "modifiedDatetimeEnd"}
        ),
    ),
    "sink": ("AzureBlobStorageWriteSettings", frozenset({"blockSizeInMB"})),
}
_PACE = {
    "source": {"sourceRetryCount", "sourceRetryWait"},
    "sink": {"sinkRetryCount", "sinkRetryWait", "writeBatchSize", "writeBatchTimeout"},
}
"""What changes how fast a copy is, and nothing of what it writes; either side may also say how many
connections it opens and whether it is measured."""
_ANY_PACE = {"maxConcurrentConnections", "disableMetricsCollection"}
_FORMATS = {"source": "BinaryReadSettings", "sink": "BinaryWriteSettings"}
_HARMLESS: dict[str, tuple[Any, ...]] = {
    "copyBehavior": ("PreserveHierarchy", None),
    "deleteFilesAfterCompletion": (False, None),
    "enablePartitionDiscovery": (False, None),
    "metadata": ([], None),
}
"""Of settings: the values that leave every byte as it is."""


class Copy(ActivityType):
    """Copies files."""

    type = "Copy"
    required = frozenset({"source", "sink"})
    optional = frozenset({"parallelCopies", "dataIntegrationUnits"})
    harmless: ClassVar = {
        "enableStaging": (False,),
        "enableSkipIncompatibleRow": (False,),
        "validateDataConsistency": (False,),
        "preserve": ([],),
        "preserveRules": ([],),
    }
    keys = frozenset({"inputs", "outputs"})
    policy = POLICY

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with its two datasets, its source and its sink."""
        for key in ("inputs", "outputs"):
            found = activity.get(key)
            if (
                not isinstance(found, list)
                or len(found) != 1
                or not is_reference(found[0], _DATASET)
            ):
                yield f"{key!r} is one reference to a dataset"
        own = activity["typeProperties"]
        for side in ("source", "sink"):
            yield from _side_problems(side, own.get(side))

    def inputs(self, step: Step) -> Any:
        """Source, sink and both references."""
        datasets = {key: step.evaluate(step.activity[key]) for key in ("inputs", "outputs")}
        return {**super().inputs(step), **datasets}

    async def run(self, step: Step) -> Any:
        """Copy each file; what an earlier process began is written over."""
        inputs = step.record.inputs
        source, sink = place(step, inputs["inputs"][0]), place(step, inputs["outputs"][0])
        files = await selected(source, sink, inputs["source"].get("storeSettings", {}))
        for file, name in files:
            await sink.blobs.write(name, source.blobs.read(file), file.size)
        size = sum(file.size for file, _ in files)
        return {
            "dataRead": size,
            "dataWritten": size,
            "filesRead": len(files),
            "filesWritten": len(files),
            "copyDuration": round(step.elapsed()),
            "errors": [],
        }


def _side_problems(side: str, found: Any) -> Iterator[str]:
    if not isinstance(found, dict) or found.get("type") != f"Binary{side.capitalize()}":
        yield f"its {side} is of type Binary{side.capitalize()} (no other is emulated)"
        return
    paced = _ANY_PACE | _PACE[side]
    for key in sorted(set(found) - {"type", "storeSettings", "formatSettings"} - paced):
        yield f"its {side} has {key!r}, which is not emulated"
    kind, known = _STORES[side]
    store, formats = found.get("storeSettings", {"type": kind}), found.get("formatSettings", {})
    if not isinstance(store, dict) or not isinstance(formats, dict):
        yield f"its {side}'s storeSettings and formatSettings are objects"
        return
    if store.get("type") != kind:
        yield f"its {side}'s storeSettings are {kind} (no other are emulated)"
    yield from _more_than(f"its {side}'s storeSettings", store, known | _ANY_PACE)
    if formats.get("type", _FORMATS[side]) != _FORMATS[side]:
        yield f"its {side}'s formatSettings are {_FORMATS[side]}"
    yield from _more_than(f"its {side}'s formatSettings", formats, frozenset())


def _more_than(what: str, found: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    for key in sorted(set(found) - known - {"type"}):
        if key not in _HARMLESS:
            yield f"{what} have {key!r}, which is not emulated"
        elif found[key] not in _HARMLESS[key]:
            accepted = _HARMLESS[key][0]
            yield f"{what}: {key} is {accepted!r} here; found {found[key]!r} (not emulated)"
