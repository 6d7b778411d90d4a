"""Locks against deletion, which hold whoever asks.

Source: D:azure-resource-manager/management/lock-resources. A lock is inherited by all below its
scope, and keeps what its scope lies in as well, and the private endpoints that lead there
(MicrosoftDocs/azure-docs#116983).
"""

from collections.abc import Iterator

from local_azure.control_plane.authorization.resources import check_scope, within
from local_azure.control_plane.networks import connections
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.errors import ScopeLockedError
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than
from local_azure.control_plane.resource_manager.store import Resource

_LOCKS = "Microsoft.Authorization/locks"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "owners")
    yield from other_than(inputs, "level", "CanNotDelete")


def _check(put: Put) -> None:
    check_scope(put.control, put.path["scope"])


def _answer(put: Put) -> Json:
    return {**proxied(put), **chosen(put.body, ["level", "notes"])}


LOCK = ResourceType(
    pulumi_type="azure-native:authorization:ManagementLockByScope",
    path="{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    autoname="random",
    api_version="2020-05-01",
    answer=_answer,
    rules=_rules,
    limits={"notes": Limit(0, 512)},
    check=_check,
)


def check(control: ControlPlane, resource: Resource) -> None:
    """Refuse to delete what is locked, or has something locked in it.

    Raises:
        ScopeLockedError: names what is locked.
    """
    if resource.type == _LOCKS:
        return
    scopes = [each.id.rpartition("/providers/")[0] for each in control.resources.select(_LOCKS)]
    going = [resource.id, *(each.id for each in connections.of(control, resource.id))]
    locked = [scope for scope in scopes if any(within(a, scope) or within(scope, a) for a in going)]
    if locked:
        raise ScopeLockedError(resource.id, locked)
