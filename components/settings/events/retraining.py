"""Whether what starts a job can be an event of the job itself, which then never ends.

The job of a training raises events as every job does: in the experiment that is called after its
endpoint (recorded), without the tags of what was the cause. A condition that names the cause keeps
them out, because a field that an event lacks matches none of the operators below
(D:event-grid/event-filtering).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.settings.events import event_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    " the endpoint that runs it, which has its name: say it by endpoint_uri or endpoint_name), on"
    " data.runTags.<tag>, or on the name, a tag or a property of a model or service"
)


def names_its_cause(wanted: Mapping[str, Any], trainer: str) -> bool:
    """Whether no event of the job passes the conditions.

    Args:
        wanted: an accepted `retrain_on_event`, or a rule for events.
        trainer: name of the endpoint that runs the job; empty where it is not known.
    """
    if {*map(event_types.full_name, wanted["event_types"])} == {event_types.DRIFT.full_name}:
        return True
    return any(_keeps_out(each, trainer.lower()) for each in wanted.get("advanced_filters", []))


def _keeps_out(condition: Mapping[str, Any], trainer: str) -> bool:
    matches = _MATCHES.get(condition["operator"])
    below, _, path = condition["key"].lower().partition(".")
    if matches is None or below != "data":
        return False
    if path != _EXPERIMENT:
        return path.partition(".")[0] in _CAUSES
    return bool(trainer) and not any(matches(trainer, each.lower()) for each in condition["values"])
