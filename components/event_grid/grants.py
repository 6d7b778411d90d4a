"""What a topic's identity needs for its rules: each role once, however many rules share it."""

import hashlib

import pulumi
from pulumi_azure_native import authorization

from components.azure.resource_id import account_of
from components.event_grid.rules import EventRuleArgs
from components.identity import access

_MAY_SEND: dict[str, access.Grant] = {
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

    Args:
        name: the component's.
        who: the topic's identity.
        dead_letter_container_id: the container for events that could not be delivered.
        opts: the grants' options.
    """

    def __init__(
        self,
        name: str,
        who: access.Principal,
        dead_letter_container_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._name, self._who, self._opts = name, who, opts
        self.dead_letter_container_id = dead_letter_container_id
        self._usual = access.may_write_blobs(
            f"{name}-writes-dead-letters", who, account_of(dead_letter_container_id), opts
        )
        self._given: dict[str, authorization.RoleAssignment] = {}

    def of(self, rule: EventRuleArgs) -> list[authorization.RoleAssignment]:
        """The roles that a rule needs: at its destination, and at its dead letters' account."""
        needed = [self._usual]
        if grant := _MAY_SEND.get(rule["endpoint_type"]):
            scope = rule.get("resource_id") or ""
            name = f"{self._name}-sends-{_short(scope)}"
            if name not in self._given:
                self._given[name] = grant(name, self._who, scope, self._opts)
            needed.append(self._given[name])
        return needed


def _short(scope: str) -> str:
    """A scope's last name, and what tells it from others of that name."""
    digest = hashlib.sha256(scope.lower().encode()).hexdigest()
    return f"{scope.rsplit('/', 1)[-1].lower()}-{digest[:8]}"
