"""The hosts of custom topics and domains: ``POST /api/events``.

What was answered with 200 is in the state before, so a crash loses none of it.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.web import router
from local_azure.services.eventgrid import incoming, publishers
from local_azure.services.eventgrid.errors import NoTopicError, PublishError, TooLargeError
from local_azure.services.eventgrid.keys import Keys
from local_azure.services.eventgrid.publishers import Entrance, Entrances


class Ingress:
    """What publishers talk to.

    Args:
        control: the control plane.
        keys: of topics and domains.
        entrances: the topics and domains.
        receive: takes in what was published, all of it or nothing.
    """

    def __init__(
        self,
        control: ControlPlane,
        keys: Keys,
        entrances: Entrances,
        receive: Callable[[Entrance, list[incoming.Incoming]], None],
    ) -> None:
        self._control = control
        self._keys = keys
        self._entrances = entrances
        self._receive = receive

    def router(self) -> Router:
        """What the hosts answer."""
        return router([Route("/api/events", self._publish, methods=["POST"])], "Event Grid")

    async def _publish(self, request: Request) -> Response:
        try:
            entrance = self._entrance(request)
            publishers.admit(self._control, self._keys, entrance, request)
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            events = incoming.read(await _body(request), media_type, entrance)
            self._check_topics(entrance, events)
        except PublishError as error:
            return JSONResponse(error.body, error.status)
        self._receive(entrance, events)
        return Response(status_code=200)

    def _entrance(self, request: Request) -> Entrance:
        host = str(request.url.hostname)
        found = self._entrances.find(host)
        if found is None:
            raise NoTopicError(host)
        return found

    def _check_topics(self, entrance: Entrance, events: list[incoming.Incoming]) -> None:
        if entrance.is_domain and not entrance.automatic:
            for topic in incoming.topics(events):
                if self._control.resources.find(topic) is None:
                    incoming.refuse_topic(topic)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > incoming.LARGEST:
            raise TooLargeError(f"The maximum size ({incoming.LARGEST}) has been exceeded.")
    return bytes(body)
