"""The hosts of custom topics and domains: ``POST /api/events``.

What was answered with 200 is in the state before, so a crash loses none of it.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.web import body, router
from local_azure.services.eventgrid import incoming, publishers
from local_azure.services.eventgrid.errors import TooLargeError
from local_azure.services.eventgrid.keys import Keys
from local_azure.services.eventgrid.publishers import Entrance, Entrances


class Ingress:
    """What publishers talk to.

    Args:
        control: the control plane.
        keys: of topics and domains.
        receive: takes in what was published, all of it or nothing.
    """

    def __init__(
        self,
        control: ControlPlane,
        keys: Keys,
        receive: Callable[[Entrance, list[incoming.Incoming]], None],
    ) -> None:
        self._control = control
        self._keys = keys
        self._entrances = Entrances(control.resources)
        self._receive = receive

    def router(self) -> Router:
        """What the hosts answer."""
        return router([Route("/api/events", self._publish, methods=["POST"])], "Event Grid")

    async def _publish(self, request: Request) -> Response:
        entrance = self._entrances.find(str(request.url.hostname))
        publishers.admit(self._control, self._keys, entrance, request)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        sent = await body(request, incoming.LARGEST, _too_large)
        events = incoming.read(sent, media_type, entrance)
        incoming.check_topics(self._control.resources, entrance, events)
        self._receive(entrance, events)
        return Response(status_code=200)


def _too_large(_: int) -> TooLargeError:
    return TooLargeError(f"The maximum size ({incoming.LARGEST}) has been exceeded.")
