"""What a path of Resource Manager's host names: a resource of some type, or a list of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local_azure.control_plane.resource_manager.errors import SubscriptionNotFoundError
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.tenant import SUBSCRIPTION, SUBSCRIPTION_ID

_GROUPS = "/resourcegroups"
_PROVIDERS = "/providers/"


@dataclass(frozen=True)
class Address:
    """One resource, or all of a type within something.

    Attributes:
        kind: the type.
        scope: the resource's id; of a list, the id that everything in it begins with.
        path: the parts of the resource's id; None for a list.
    """

    kind: ResourceType
    scope: str
    path: Mapping[str, str] | None = None

    @property
    def everywhere(self) -> bool:
        """Whether a list is one of the whole subscription."""
        return self.scope.lower() == SUBSCRIPTION.lower()

    def holds(self, resource_id: str) -> bool:
        """Whether a resource of the type is in the list: what lies right in its scope."""
        if self.everywhere:
            return True
        folder = self.kind.arm_type.rpartition("/")[2]
        before, _, _ = resource_id.rpartition("/")
        return before.lower() in {
            f"{self.scope}/{folder}".lower(),
            f"{self.scope}{_PROVIDERS}{self.kind.arm_type}".lower(),
        }


def read(path: str, find: Callable[[str], ResourceType | None]) -> Address | None:
    """The address that a path is; None where it names no type that is known here.

    Args:
        path: as it came; its case does not matter.
        find: the type that Azure calls by a name.

    Raises:
        SubscriptionNotFoundError: it begins with another subscription.
    """
    path = path.rstrip("/")
    scope, provider, rest = path.rpartition(_PROVIDERS)
    if not provider:
        return _group(path, find)
    namespace, *parts = rest.split("/")
    kind = find("/".join([namespace, *parts[0::2]]))
    if kind is None or not parts:
        return None
    check_subscription(path)
    if len(parts) % 2 == 0:
        return _one(kind, path)
    above = path.rpartition("/")[0] if len(parts) > 1 else scope
    return Address(kind, above or SUBSCRIPTION)


def _group(path: str, find: Callable[[str], ResourceType | None]) -> Address | None:
    kind = find("Microsoft.Resources/resourceGroups")
    parts = path.lower().split("/")
    if kind is None or parts[:2] != ["", "subscriptions"] or parts[3:4] != [_GROUPS[1:]]:
        return None
    check_subscription(path)
    match len(parts):
        case 4:
            return Address(kind, SUBSCRIPTION)
        case 5:
            return _one(kind, path)
    return None


def _one(kind: ResourceType, path: str) -> Address | None:
    found = kind.parse(path)
    return None if found is None else Address(kind, kind.resource_id(found), found)


def check_subscription(path: str) -> None:
    """Refuse a path in another subscription than the one that exists here.

    Raises:
        SubscriptionNotFoundError: it is in another one.
    """
    parts = path.split("/")
    if parts[1].lower() == "subscriptions" and parts[2].lower() != SUBSCRIPTION_ID:
        raise SubscriptionNotFoundError(parts[2])
