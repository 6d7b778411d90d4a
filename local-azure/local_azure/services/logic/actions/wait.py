"""Delay and Delay until (type ``Wait``): lets time pass."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from local_azure.runs.durations import UNITS
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, failed, succeeded
from local_azure.services.logic.step import Step


class Wait(ActionType):
    """Waits for an interval, or until a time."""

    type = "Wait"
    input_keys = frozenset({"interval", "until"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the interval."""
        inputs = spec["inputs"]
        if len(inputs) != 1:
            yield f"it has either an interval or an until; found {sorted(inputs)}"
        if "interval" in inputs and set(inputs["interval"]) != {"count", "unit"}:
            yield f"an interval has count and unit; found {inputs['interval']!r}"
        elif "interval" in inputs and inputs["interval"]["unit"].lower() not in UNITS:
            yield f"a unit is one of {', '.join(UNITS)}; found {inputs['interval']['unit']!r}"
        if "until" in inputs and set(inputs["until"]) != {"timestamp"}:
            yield f"an until has a timestamp; found {inputs['until']!r}"

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Wait, by the clock."""
        clock = step.environment.clock
        try:
            await clock.sleep(_seconds(inputs, clock.now()))
        except (TypeError, ValueError) as error:
            return failed("InvalidTemplate", str(error), status="BadRequest")
        return succeeded()


def _seconds(inputs: Mapping[str, Any], now: datetime) -> float:
    if "interval" in inputs:
        return float(inputs["interval"]["count"]) * UNITS[inputs["interval"]["unit"].lower()]
    until = datetime.fromisoformat(str(inputs["until"]["timestamp"]))
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
