"""Who is told of new blobs, as a group's event subscriptions and triggers say it."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from batch_client.session import Session
from batch_client.verify.resources import EVENT_GRID_VERSION
from batch_client.verify.workflow import LOGIC_VERSION

Json = dict[str, Any]

_CREATED = "Microsoft.Storage.BlobCreated"


class Watched(NamedTuple):
    """What somebody is told of."""

    source: str
    """Resource id of the storage account."""

    begins: str
    """Start of the events' subject."""

    ends: str
    """End of it."""

    by: str
    """Resource id of the event subscription, or of the workflow whose trigger says so."""

    topic: str = ""
    """Resource id of the subscription's system topic; of a trigger empty, as what follows."""

    schema: str = ""
    """Form of the events that it sends."""

    url: str = ""
    """What it calls, without the signature."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Which files it is told of."""
        return self.source.lower(), self.begins, self.ends


class Watching:
    """Those of a resource group.

    Args:
        manager: Resource Manager.
        topics: ids of the system topics.
        workflows: ids of the Logic Apps of the Consumption plan.

    Attributes:
        topics: what each topic tells of.
        workflows: properties of each workflow.
    """

    def __init__(self, manager: Session, topics: Iterable[str], workflows: Iterable[str]) -> None:
        self._manager = manager
        told = {each: manager.get(each, EVENT_GRID_VERSION)["properties"] for each in topics}
        self.topics = {topic: str(each.get("source") or "") for topic, each in told.items()}
        self.workflows: dict[str, Json] = {
            each: manager.get(each, LOGIC_VERSION)["properties"] for each in workflows
        }

    def all(self) -> list[Watched]:
        """Those that may invoke an endpoint, subscriptions first."""
        found = [*self._subscribed(), *self._triggered()]
        return [each for each in found if self._may_invoke(each)]

    def called(self, watched: Watched) -> str | None:
        """The workflow whose trigger a subscription calls."""
        for workflow, told in self.workflows.items():
            key = str(told.get("accessEndpoint") or "").lower().rpartition("/workflows/")[2]
            if key and f"/workflows/{key}/" in watched.url.lower():
                return workflow
        return None

    def requests(self, watched: Watched) -> bool:
        """Whether that one waits for requests, and has made no subscription by itself."""
        triggers = self.workflows.get(self.called(watched) or "", {}).get("definition", {})
        return [each["type"] for each in triggers.get("triggers", {}).values()] == ["Request"]

    def others(self, watched: Watched) -> list[str]:
        """Ids of further subscriptions of the same topic."""
        ids = [str(each["id"]) for each in self._subscriptions(watched.topic)]
        return [each for each in ids if each.lower() != watched.by.lower()]

    def _may_invoke(self, watched: Watched) -> bool:
        """No for a workflow that is none of the documents', by the parameter that they name."""
        told = self.workflows.get(self.called(watched) or watched.by)
        return told is None or "endpoint_uri" in (told["definition"].get("parameters") or {})

    def _subscribed(self) -> Iterator[Watched]:
        """By the event subscriptions of system topics that call somebody."""
        for topic, source in self.topics.items():
            for each in self._subscriptions(topic):
                told = each["properties"]
                chosen, to = told.get("filter") or {}, told.get("destination") or {}
                created = _CREATED in (chosen.get("includedEventTypes") or [_CREATED])
                if created and to.get("endpointType") == "WebHook":
                    url = (to.get("properties") or {}).get("endpointBaseUrl") or ""
                    schema = told.get("eventDeliverySchema") or ""
                    found = _watched(source, chosen, each["id"])
                    yield found._replace(topic=topic, schema=schema, url=url)

    def _triggered(self) -> Iterator[Watched]:
        """By the triggers of workflows that subscribe themselves, as the documents' do."""
        for workflow, properties in self.workflows.items():
            for trigger in (properties["definition"].get("triggers") or {}).values():
                inputs = trigger.get("inputs") or {}
                told = (inputs.get("body") or {}).get("properties") or {}
                if told.get("topic"):
                    yield _watched(told["topic"], told.get("filter") or {}, workflow)

    def _subscriptions(self, topic: str) -> list[Json]:
        return list(self._manager.listed(f"{topic}/eventSubscriptions", EVENT_GRID_VERSION))


def _watched(source: str, chosen: Json, by: str) -> Watched:
    begins, ends = chosen.get("subjectBeginsWith") or "", chosen.get("subjectEndsWith") or ""
    return Watched(source, begins, ends, by)
