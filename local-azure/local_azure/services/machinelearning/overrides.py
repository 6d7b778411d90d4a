"""Settings of a deployment that an invocation sets for its own job (azure-ai-ml's ``BatchJob``)."""

import re
from collections.abc import Mapping
from typing import Any

from local_azure.services.machinelearning.errors import InvalidRequestError, NotEmulatedError
from local_azure.services.machinelearning.shapes import at_least, check_kind, keyed

KEYS: dict[str, type] = {
    "compute": dict,
    "dataset": object,
    "errorThreshold": int,
    "loggingLevel": str,
    "maxConcurrencyPerInstance": int,
    "miniBatchSize": int,
    "outputDataset": dict,
    "outputFileName": str,
    "retrySettings": dict,
}
"""Keys that are known and their types."""

DEFAULTS: dict[str, Any] = {
    "errorThreshold": -1,
    "loggingLevel": "Info",
    "maxConcurrencyPerInstance": 1,
    "miniBatchSize": 10,
    "outputAction": "AppendRow",
    "outputFileName": "predictions.csv",
    "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
}
"""Azure's own, of a deployment of a model."""

_OF_VERSION_1 = {"dataset": "InputData", "outputDataset": "OutputData"}
_OF_COMPUTE: dict[str, type] = {
    "isLocal": bool,
    "target": str,
    "instanceCount": int,
    "instanceType": str,
    "location": str,
    "properties": dict,
}


def read(told: dict[str, Any]) -> dict[str, Any]:
    """The settings, by camelCase key, from an invocation's properties by lower-case key.

    Raises:
        InvalidRequestError: a value that no deployment could have.
        NotEmulatedError: documented, but not here.
    """
    for key, now in _OF_VERSION_1.items():
        if key.lower() in told:
            message = f"properties.{key}, of datasets of version 1, is not emulated; use {now}."
            raise NotEmulatedError(message)
    found: dict[str, Any] = {}
    for key, least in (
        ("errorThreshold", -1),
        ("maxConcurrencyPerInstance", 1),
        ("miniBatchSize", 1),
    ):
        if (value := told.get(key.lower())) is not None:
            found[key] = at_least(value, least, f"properties.{key}")
    if level := told.get("logginglevel"):
        check_kind(level, "properties.loggingLevel", ("Info", "Warning", "Debug"))
        found["loggingLevel"] = level
    if name := told.get("outputfilename"):
        found["outputFileName"] = _file_name(name)
    if "retrysettings" in told:
        found["retrySettings"] = _retry_settings(told["retrysettings"])
    if "compute" in told and (count := _instance_count(told["compute"])) is not None:
        found["instanceCount"] = count
    return found


def effective(deployment: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment's settings, a job's own over them, and Azure's where neither has one."""
    given = {key: value for key, value in {**deployment, **own}.items() if value is not None}
    retries = DEFAULTS["retrySettings"] | (deployment.get("retrySettings") or {})
    return DEFAULTS | given | {"retrySettings": retries | own.get("retrySettings", {})}


def _retry_settings(told: Any) -> dict[str, Any]:
    entry = keyed(told, "properties.retrySettings", {"maxRetries": int, "timeout": str})
    found: dict[str, Any] = {}
    if "maxretries" in entry:
        found["maxRetries"] = at_least(
            entry["maxretries"], 0, "properties.retrySettings.maxRetries"
        )
    if "timeout" in entry:
        found["timeout"] = entry["timeout"]
        seconds(entry["timeout"])
    return found


def _instance_count(told: Any) -> int | None:
    # azure-ai-ml always says isLocal, true where no target is named (ComputeConfiguration).
    entry = keyed(told, "properties.compute", _OF_COMPUTE)
    for key in set(_OF_COMPUTE) - {"isLocal", "instanceCount"}:
        if key.lower() in entry:
            message = f"properties.compute.{key} is not emulated; only instanceCount is."
            raise NotEmulatedError(message)
    count = entry.get("instancecount")
    return None if count is None else at_least(count, 1, "properties.compute.instanceCount")


def _file_name(name: str) -> str:
    if "/" in name or name in (".", ".."):
        message = f"properties.outputFileName is {name[:100]!r}; accepted: a file's name, no path."
        raise InvalidRequestError(message)
    return name


_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def seconds(duration: str) -> float:
    """An ISO 8601 duration such as ``PT30S``, in seconds.

    Raises:
        InvalidRequestError: not one, or not longer than nothing.
    """
    found = _DURATION.fullmatch(duration)
    days, hours, minutes, rest = (
        (float(part or 0) for part in found.groups()) if found else (0,) * 4
    )
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    if total <= 0:
        message = f"The time-out {duration[:100]!r} is no ISO 8601 duration such as 'PT30S'."
        raise InvalidRequestError(message)
    return total
