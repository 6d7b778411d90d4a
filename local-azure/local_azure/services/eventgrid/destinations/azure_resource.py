"""What destinations that are Azure resources have in common: an identity with a role delivers.

Sources: D:event-grid/managed-service-identity, D:event-grid/delivery-and-retry (the table of
failure codes).
"""

from collections.abc import Iterator

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.shape import Problem, missing
from local_azure.services.eventgrid import identity, webhook
from local_azure.services.eventgrid.destinations.destination import Destination
from local_azure.services.eventgrid.schedule import Outcome
from local_azure.services.eventgrid.subscriptions import Endpoint

PATH = "deliveryWithResourceIdentity.destination"
"""Where a subscription has such a destination."""


class AzureResource(Destination):
    """The part of a destination that does not depend on its kind."""

    by_identity = True
    keys: tuple[str, ...] = ("endpointType", "resourceId")
    """What a GET tells."""

    def problems(self, given: Json) -> Iterator[Problem]:
        """The destination's resource id is needed."""
        yield from missing(given, "resourceId", why="accepted: a resource id", path="destination")

    def told(self, given: Json) -> Json:
        """The destination as it was given."""
        return chosen(given, self.keys)


async def post(
    control: ControlPlane,
    endpoint: Endpoint,
    audience: str,
    url: str,
    body: str,
    headers: dict[str, str],
) -> Outcome:
    """One POST with a token of the endpoint's identity; never raises for what comes back."""
    principal = identity.find(control, endpoint.identity_id)
    if principal is None:
        return Outcome(0, "Unauthorized", f"The identity {endpoint.identity_id} does not exist.")
    token = control.tokens.issue(principal, audience).value
    answer = await webhook.post(control, url, body, {"Authorization": f"Bearer {token}", **headers})
    detail = "" if answer.status in range(200, 300) else answer.body.decode("utf-8", "replace")
    return Outcome(answer.status, answer.outcome, detail)


def gone(endpoint: Endpoint) -> Outcome:
    """The outcome where the destination was deleted."""
    found = endpoint.properties["resourceId"]
    return Outcome(404, "NotFound", f"The resource {found} does not exist.")
