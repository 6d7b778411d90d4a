"""What a topic's identity needs for its rules: each role once, however many rules share it."""

import hashlib
from collections.abc import Callable

import pulumi
from pulumi_azure_native import authorization

from components import access
from components.event_rules import EventRuleArgs
from components.resource_id import storage_account

_Grant = Callable[
    [str, access.Principal, pulumi.Input[str], pulumi.ResourceOptions], authorization.RoleAssignment
]

_MAY_SEND: dict[str, _Grant] = {
    "EventHub": access.may_send_to_event_hub,
    "ServiceBusQueue": access.may_send_to_service_bus,
    "ServiceBusTopic": access.may_send_to_service_bus,
    "StorageQueue": access.may_send_queue_messages,
}


class EventGrants:
    """Roles of one topic's identity, at what its destinations' `resource_id` names.

    Of a queue, or of a container for dead letters, that is the account: there Event Grid looks
    for them (a public report of 2026-09 for queues; UNVERIFIED for dead letters).

    A role's logical name is its scope's, so that it stays when the rule that asked first goes:
    Azure refuses to give it a second time.
    """

    def __init__(self, name: str, who: access.Principal, opts: pulumi.ResourceOptions) -> None:
        self._name, self._who, self._opts = name, who, opts
        self._given: dict[str, authorization.RoleAssignment] = {}

    def of(self, rule: EventRuleArgs) -> list[authorization.RoleAssignment]:
        """The roles that a rule needs: at its destination, and at its own dead letters' account."""
        needed = []
        if rule.get("with_identity"):
            grant, scope = _MAY_SEND[rule["endpoint_type"]], rule.get("resource_id") or ""
            needed.append(self._given_once("sends", grant, scope))
        if container_id := rule.get("dead_letter_container_id"):
            account_id = storage_account(container_id)
            needed.append(self._given_once("writes", access.may_write_blobs, account_id))
        return needed

    def _given_once(self, does: str, grant: _Grant, scope: str) -> authorization.RoleAssignment:
        name = f"{self._name}-{does}-{_short(scope)}"
        if name not in self._given:
            self._given[name] = grant(name, self._who, scope, self._opts)
        return self._given[name]


def _short(scope: str) -> str:
    """A scope's last name, and what tells it from others of that name."""
    digest = hashlib.sha256(scope.lower().encode()).hexdigest()
    return f"{scope.rsplit('/', 1)[-1].lower()}-{digest[:8]}"
