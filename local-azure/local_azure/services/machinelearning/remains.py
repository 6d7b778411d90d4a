"""What a job left, for a person to look at: the ends of its logs, the beginning of its predictions.

The logs of a job that goes on are those that its processes have printed so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.machinelearning import outputs
from local_azure.services.machinelearning.endpoints import is_pipeline, settings
from local_azure.services.machinelearning.errors import JobFailedError, MachineLearningError
from local_azure.services.machinelearning.execution import find_target
from local_azure.services.machinelearning.jobs import COMPLETED
from local_azure.services.machinelearning.plan import make_plan

if TYPE_CHECKING:
    from pathlib import Path

    from local_azure.services.machinelearning.node import Node

_MOST = 16 * 1024
"""Bytes of each that are shown."""


async def left(node: Node) -> dict[str, Any]:
    """``logs``, texts by name, and ``predictions``: ``url`` and ``text``, or None."""
    folder = node.folder / "logs"
    files = {str(each.relative_to(folder)): each for each in sorted(folder.rglob("*.txt"))}
    found = files or {"printed": node.printed}
    logs = {name: _tail(path) for name, path in found.items() if path.is_file()}
    return {"logs": logs, "predictions": await _predictions(node)}


async def _predictions(node: Node) -> dict[str, str] | None:
    """Those of a model's job; a pipeline's outputs are what its author makes of them."""
    if node.job.status != COMPLETED:
        return None
    resources = node.control.resources
    try:
        target = find_target(node.job, resources)
        if is_pipeline(settings(target.deployment)):
            return None
        plan = make_plan(target, node.job.invocation.overrides, resources)
        place = outputs.predictions(node.job, plan, target.workspace, resources)
        content = await node.as_compute(plan.compute).head(place, _MOST)
    except (JobFailedError, MachineLearningError):
        return None  # its deployment or its predictions are gone
    return {"url": place.url, "text": content.decode(errors="replace")}


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _MOST))
        return file.read().decode(errors="replace")
