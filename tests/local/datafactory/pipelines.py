"""Activities as pipelines write them."""

from __future__ import annotations

from typing import Any


def activity(
    name: str, kind: str, after: dict[str, str] | None = None, **own: Any
) -> dict[str, Any]:
    depends = [
        {"activity": before, "dependencyConditions": [condition]}
        for before, condition in (after or {}).items()
    ]
    return {"name": name, "type": kind, "dependsOn": depends, "typeProperties": own}


def wait(name: str, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "Wait", after, waitTimeInSeconds=20)


def fail(name: str, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "Fail", after, message="no", errorCode="7")
