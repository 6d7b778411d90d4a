"""Whether what starts a job can be an event of the job itself, which then never ends.

The job of a training raises events as every job does: in the experiment that is called after its
endpoint (recorded), without the tags of what was the cause. A condition that names the cause keeps
them out, because a field that an event lacks matches none of the operators below
(D:event-grid/event-filtering).
"""

from collections.abc import Callable, Collection, Sequence

from components.settings.event_types import DRIFT
from components.settings.filters import AdvancedFilter

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
