"""The files of each window of time, scored by one job: pipeline Score-Window and what starts it.

The job is started and watched by Score-Folder, of a factory that BatchPipelineFactory made. The
trigger is started by the program, see `trigger_state`. Whose windows are to be cut otherwise gets
another trigger, because Azure changes neither their length nor their beginning.

Annotations name the SDK's Data Factory in quotes: it loads when it is first touched, and takes a
third of a second, which a stack without a factory need not spend.
"""

import json
from copy import copy
from typing import Any, TypedDict

import pulumi
from pulumi_azure_native import datafactory

from components.azure.component import Component, Options
from components.azure.options import also
from components.azure.resource_manager import ResourceManager
from components.azure.steps import done_once
from components.data_factory.documents import FactoryPlace, pipeline, place_of
from components.data_factory.files import CopiedInputArgs, copied, elsewhere, here
from components.data_factory.trigger_state import started_before_create, stopped_to_change
from components.identity import access

TEMPLATE = "Score-Window"
STOP_HOOK = "windows-stop"
_RETRY_SECONDS = 900
_CUT = ["properties.frequency", "properties.interval", "properties.startTime"]


class WindowArgs(TypedDict):
    """When which files are scored."""

    frequency: str
    """Minute or Hour."""

    interval: int
    """So many of them are a window."""

    start: str
    """When the first window begins, ISO 8601 in UTC."""

    delay_span: str
    """How long after its end a window is scored, as HH:MM:SS."""

    max_concurrency: int
    """Windows at once."""

    retries: int
    """How often the pipeline of a window that failed is run again."""


class ScoringWindowsArgs(WindowArgs, CopiedInputArgs, ResourceManager):
    """Arguments of ScoringWindows."""

    output_folder: pulumi.Input[str]
    """URI, with a slash at its end, of the folder in which each run writes to a new path."""


class ScoringWindows(Component):
    """Pipeline Score-Window with its datasets and grants, and a trigger, started."""

    trigger_name: pulumi.Output[str]
    """Name of the trigger, and of the pipeline."""

    def __init__(self, name: str, args: ScoringWindowsArgs, opts: Options = None) -> None:
        # What lies in the factory goes with it, and not the grants, which lie elsewhere.
        goes_with, own = opts.deleted_with if opts else None, copy(opts)
        if own is not None:
            own.deleted_with = None
        super().__init__(name, own)
        place = place_of(args, goes_with)
        who = access.Principal(args["factory_principal_id"])
        granted = args.get("reads_source", False)
        sides = (
            elsewhere("source", args["source"], may_write=False, granted=granted),
            here("input", args["input"]),
        )
        made = copied(name, sides, args["blob_suffix"], place, who, self.child)
        score = pipeline(
            f"{name}-pipeline",
            TEMPLATE,
            {
                "output_folder": args["output_folder"],
                "endpoint_output_type": args.get("output_type", "UriFile"),
                **made.values,
            },
            place,
            also(self.child, depends_on=made.datasets),
        )
        trigger = _trigger(name, args, place, [score, *made.grants], self.child)
        _start(name, args, trigger, self.child)

        self.trigger_name = trigger.name
        self.register_outputs({"trigger_name": self.trigger_name})


def _trigger(
    name: str,
    args: ScoringWindowsArgs,
    place: FactoryPlace,
    needed: list[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> "datafactory.Trigger":
    own = also(
        opts,
        depends_on=needed,
        replace_on_changes=_CUT,
        delete_before_replace=True,  # two of them would work on the same windows
        hooks=stopped_to_change(STOP_HOOK, args),
    )
    return datafactory.Trigger(
        f"{name}-trigger",
        trigger_name=TEMPLATE,
        properties=_definition(args),
        **place.inside(own),
    )


def _start(
    name: str,
    args: ScoringWindowsArgs,
    trigger: "datafactory.Trigger",
    opts: pulumi.ResourceOptions,
) -> None:
    """Starts the trigger; one that was changed or made anew is stopped, and is started again."""
    definition = json.dumps(_definition(args), sort_keys=True)
    keepers: dict[str, pulumi.Input[str]] = {"trigger": trigger.id, "definition": definition}
    done_once(f"{name}-started", keepers, started_before_create(trigger.id, args), opts)


def _definition(args: ScoringWindowsArgs) -> Any:
    return {
        "type": "TumblingWindowTrigger",
        "description": "Scores the files of each window of time by Score-Window.",
        "frequency": args["frequency"],
        "interval": int(args["interval"]),
        "start_time": args["start"],
        "delay": args["delay_span"],
        "max_concurrency": int(args["max_concurrency"]),
        "retry_policy": {
            "count": int(args["retries"]),
            "interval_in_seconds": _RETRY_SECONDS,
        },
        "pipeline": {
            "pipeline_reference": {"type": "PipelineReference", "reference_name": TEMPLATE},
            "parameters": {
                "windowStart": "@trigger().outputs.windowStartTime",
                "windowEnd": "@trigger().outputs.windowEndTime",
            },
        },
    }
