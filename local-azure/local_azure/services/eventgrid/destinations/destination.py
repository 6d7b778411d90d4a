"""What Event Grid needs to know about one kind of destination.

Delivery, retries, batches and dead letters are the same for all of them (``delivery.py``): a
destination makes one attempt and tells what came of it. To add a kind, derive a class and put it
into ``kinds.py``; nothing else asks for an endpoint's type.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.services.eventgrid.place import Place
from local_azure.services.eventgrid.schedule import Outcome
from local_azure.services.eventgrid.subscriptions import Subscription
from local_azure.services.eventgrid.validations import Validations


@dataclass(frozen=True)
class Batch:
    """Events that go to a destination together, all or none.

    Attributes:
        subscription: whose events these are; ``subscription.endpoint`` says where they go.
        events: each as JSON, in the subscription's delivery schema; at least one.
        attempts: how often these events were tried before.
    """

    subscription: Subscription
    events: tuple[str, ...]
    attempts: int


class Destination(ABC):
    """One kind of endpoint."""

    by_identity: ClassVar[bool] = False
    """Whether a managed identity delivers: ``deliveryWithResourceIdentity``."""
    send_action: str = ""
    """The data action that this identity needs at the destination; empty for none."""

    @abstractmethod
    def problems(self, given: Json) -> Iterator[Problem]:
        """What is wrong with ``destination`` alone; paths begin with ``destination.``."""

    def check(self, put: Put, given: Json) -> None:  # noqa: B027 not every kind has
        """What must hold against everything else that exists; raises a ControlPlaneError."""

    async def prepare(self, put: Put, where: Place, validations: Validations) -> None:  # noqa: B027 not every kind has
        """What must happen outside of the state before the subscription exists."""

    @abstractmethod
    def told(self, given: Json) -> Json:
        """The destination as a GET answers it, without its secrets."""

    @abstractmethod
    async def deliver(self, control: ControlPlane, batch: Batch) -> Outcome:
        """One attempt to deliver; never raises for what the endpoint does."""

    async def leave(self, control: ControlPlane, subscription: Subscription) -> None:  # noqa: B027 not every kind has
        """The subscription was deleted: tell the endpoint, if this kind is told."""
