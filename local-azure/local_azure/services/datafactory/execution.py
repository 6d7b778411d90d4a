"""Carries a run out: from its beginning, or from what its journal holds, to its end.

Where the awaiting task is cancelled (the process stops) nothing is noted, and a run of the same id,
parameters and journal goes on from there in another process. ``PipelineRun.cancel`` is what a user
asks for: the run and what is in progress end Cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from local_azure.services.datafactory.attempt import cancel_below
from local_azure.services.datafactory.frame import Frame
from local_azure.services.datafactory.records import RunResult, Status, failure
from local_azure.services.datafactory.sequence import run_sequence

if TYPE_CHECKING:
    from local_azure.services.datafactory.run import PipelineRun

_log = logging.getLogger(__name__)


async def execute(run: PipelineRun) -> RunResult:
    """Run what has not been run yet."""
    if run.cancelled:
        return _result(run, Status.CANCELLED)
    run.work = asyncio.create_task(run_sequence(run.pipeline.properties["activities"], Frame(run)))
    try:
        failed = await run.work
    except asyncio.CancelledError:
        if not run.cancelled:
            raise
        return _result(run, Status.CANCELLED)
    except Exception:  # noqa: BLE001 a run ends whatever its engine does
        _log.exception("The run %s broke.", run.id)
        return _result(run, Status.FAILED, "The engine broke; its log tells why.")
    if failed:
        return _result(run, Status.FAILED, failure(failed))
    return _result(run, Status.SUCCEEDED)


def _result(run: PipelineRun, status: Status, message: str = "") -> RunResult:
    cancel_below(run)
    return RunResult(run.id, status, message, list(run.records.values()), dict(run.variables))
