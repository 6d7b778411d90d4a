"""Whether what starts a job can be an event of the job itself, which then never ends.

The job of a training raises events as every job does: in the experiment that is called after its
endpoint (recorded), without the tags of what was the cause. A condition that names the cause keeps
them out, because a field that an event lacks matches none of the operators below
(D:event-grid/event-filtering).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from components.data_factory import pipelines
from components.settings.destinations import DataFactoryPipeline
from components.settings.event_rules import EventRule
from components.settings.event_types import DRIFT, full_name
from components.settings.filters import AdvancedFilter
from components.settings.problems import Misfit
from components.settings.settings import Settings
from components.settings.switches import RetrainOnEvent

_OF_JOBS = {full_name("RunCompleted"), full_name("RunStatusChanged")}
"""Events that each job raises in its workspace."""

_MATCHES: dict[str, Callable[[str, str], bool]] = {
    "StringIn": lambda name, value: name == value,
    "StringBeginsWith": str.startswith,
    "StringEndsWith": str.endswith,
    "StringContains": lambda name, value: value in name,
}
_CAUSES = (
    "runtags",
    "runproperties",
    "modelname",
    "modeltags",
    "modelproperties",
    "servicename",
    "servicetags",
    "serviceproperties",
)
_EXPERIMENT = "experimentname"

ACCEPTED = (
    "an advanced filter that names what starts the job, so that its own events don't start the"
    f" next one for ever: {', '.join(_MATCHES)} on data.experimentName (another one than that of"
    " the endpoint that runs it, which has its name: say it by endpoint_uri or endpoint.name), on"
    " data.runTags.<tag>, or on the name, a tag or a property of a model or service"
)


def events_come_to_an_end(settings: Settings) -> Iterator[Misfit]:
    """No event of a job that a rule starts starts the next one."""
    for where, rule, endpoint_uri in _starting_jobs(settings):
        trainer = _trainer(settings, endpoint_uri)
        if not names_its_cause(rule.event_types, rule.advanced_filters, trainer):
            yield Misfit(f"workspace_events.{where}.advanced_filters", ACCEPTED)


def _starting_jobs(settings: Settings) -> Iterator[tuple[str, EventRule | RetrainOnEvent, Any]]:
    """Rules that may go on for ever, and the endpoints that their jobs are told to run on."""
    for at, rule in enumerate(settings.workspace_events.rules):
        started, of_jobs = rule.destination, not _OF_JOBS.isdisjoint(rule.event_types)
        if of_jobs and isinstance(started, DataFactoryPipeline) and _is_ours(started, settings):
            yield f"rules[{at}]", rule, started.parameters.get("endpoint_uri")
    if again := settings.workspace_events.retrain_on_event:
        yield "retrain_on_event", again, again.endpoint_uri


def _is_ours(started: DataFactoryPipeline, settings: Settings) -> bool:
    """Whether a job in the workspace is what the pipeline runs."""
    own = settings.data_factory.existing or ""
    factory = started.factory_id or own
    return started.pipeline in pipelines.names() and factory.lower() == own.lower()


def _trainer(settings: Settings, told: Any) -> str:
    """Name of the endpoint that runs the job; empty where Pulumi is going to choose it."""
    if told:
        return str(told).removeprefix("https://").partition(".")[0]
    return settings.endpoint.name or ""


def names_its_cause(
    event_types: Collection[str], filters: Sequence[AdvancedFilter], trainer: str
) -> bool:
    """Whether no event of the job passes the conditions.

    Args:
        event_types: what starts a job, full names.
        filters: conditions, all of which an event has to meet.
        trainer: name of the endpoint that runs the job; empty where it is not known.
    """
    if set(event_types) == {DRIFT.full_name}:
        return True
    return any(_keeps_out(each, trainer.lower()) for each in filters)


def _keeps_out(condition: AdvancedFilter, trainer: str) -> bool:
    matches = _MATCHES.get(condition.operator)
    below, _, path = condition.key.lower().partition(".")
    if matches is None or below != "data":
        return False
    if path != _EXPERIMENT:
        return path.partition(".")[0] in _CAUSES
    return bool(trainer) and not any(matches(trainer, each.lower()) for each in condition.operands)
