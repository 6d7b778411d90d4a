"""A stack whose rules tell a webhook of the test about its workspace."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_azure_tests.datafactory.cloud import Cloud
from tests.stack.event_path.deployed import Deployed, until

NAMESPACE = "azureml-batch-events"
HOST = "handler.example.test"
Json = dict[str, Any]


class Delivery(NamedTuple):
    """What came to the webhook."""

    path: str
    query: str
    events: list[Json]


class Told(Deployed):
    """A stack on an embedded Azure, and a webhook that keeps what it is sent.

    Attributes:
        printed: what the latest `up` said.
    """

    running: Cloud

    def __init__(self, running: Cloud) -> None:
        super().__init__(running)
        self.printed = ""
        self._deliveries: list[Delivery] = []
        route = Route("/{name}", self._take, methods=["POST", "OPTIONS"])
        running.call(running.azure.hosts.register, [HOST], Starlette(routes=[route]))

    async def _take(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            origin = request.headers["webhook-request-origin"]
            return Response(headers={"WebHook-Allowed-Origin": origin})
        body = await request.json()
        events = body if isinstance(body, list) else [body]
        self._deliveries.append(Delivery(request.url.path, request.url.query, events))
        code = events[0]["data"].get("validationCode")
        return JSONResponse({"validationResponse": code} if code else {})

    def deliveries(self, path: str) -> list[Delivery]:
        """What has come to a path, in its order, handshakes included."""
        came: list[Delivery] = self.running.call(self._deliveries.copy)
        return [each for each in came if each.path == path]

    def apply(self, settings: Mapping[str, Any]) -> None:
        """Bring the stack to what its file says with these values."""
        self.configure(settings)
        self.printed = self.up()

    def heard(self, path: str) -> list[Json]:
        """What came to a path of the webhook, in its order, without handshakes."""
        told = [event for delivery in self.deliveries(path) for event in delivery.events]
        return [event for event in told if "validationCode" not in event["data"]]

    def await_event(self, path: str, subject_end: str = "", other_than: Sequence[str] = ()) -> Json:
        """The first event at a path whose subject ends so and whose id is another, once it came."""

        def came() -> Json | None:
            for event in self.heard(path):
                if event["subject"].endswith(subject_end) and event["id"] not in other_than:
                    return event
            return None

        return until(came, f"an event of {subject_end or 'anything'} at {path}")


def to_hook(name: str, kind: str, **changes: Any) -> Json:
    """A rule for one type of event, to the webhook's path of its name."""
    destination = {"kind": "webhook", "url": f"https://{HOST}/{name}"}
    return {"name": name, "event_types": [kind], "destination": destination, **changes}
