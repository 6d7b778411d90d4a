"""An event subscription that can be seen and gets no events: it is not made yet, or has failed.

Its webhook has yet to consent. Source: D:event-grid/end-point-validation-event-grid-events-schema,
``AwaitingManualAction``. Only one that gets no events so far is seen like that; one that is changed
stays as it was until then (UNVERIFIED).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from local_azure.control_plane.resource_manager.resource_type import Put
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.eventgrid.place import SUBSCRIPTION_TYPES

AWAITING = "AwaitingManualAction"


@contextmanager
def awaiting(put: Put) -> Iterator[None]:
    """Show the subscription as waiting, as long as the block takes."""
    if put.before and delivers(put.before):
        yield
        return
    resources = put.control.resources
    told = {**put.type.answer(put), "provisioningState": AWAITING}
    resources.put(Resource(put.id, put.type.arm_type, put.name, put.body, told))
    try:
        yield
    finally:
        resources.delete(put.id)


def delivers(subscription: Resource) -> bool:
    """Whether a subscription gets events."""
    return subscription.properties.get("provisioningState") not in {AWAITING, "Failed"}


def drop(resources: Resources) -> None:
    """Remove what an earlier process was waiting for; nobody can consent to it any more."""
    for kind in SUBSCRIPTION_TYPES:
        for each in resources.select(kind):
            if each.properties.get("provisioningState") == AWAITING:
                resources.delete(each.id)
