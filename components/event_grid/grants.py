"""What a topic's identity needs for its rules: each role once, however many rules share it."""

import hashlib

import pulumi
from pulumi_azure_native import authorization

from components.azure.resource_id import account_of, storage_account
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
        dead_letter_container_id: the usual container for events that could not be delivered.
        opts: the grants' options.

    Attributes:
        usual_container_id: that container.
    """

    def __init__(
        self,
        name: str,
        who: access.Principal,
        dead_letter_container_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._name, self._who, self._opts = name, who, opts
        self.usual_container_id = dead_letter_container_id
        self._usual = access.may_write_blobs(
            f"{name}-writes-dead-letters", who, account_of(dead_letter_container_id), opts
        )
        self._given: dict[str, authorization.RoleAssignment] = {}

    def of(self, rule: EventRuleArgs) -> list[authorization.RoleAssignment]:
        """The roles that a rule needs: at its destination, and at its dead letters' account."""
        needed = [self._usual]
        if rule.get("with_identity"):
            grant, scope = _MAY_SEND[rule["endpoint_type"]], rule.get("resource_id") or ""
            needed.append(self._given_once("sends", grant, scope, scope))
        if container_id := rule.get("dead_letter_container_id"):
            account_id = storage_account(container_id)
            where = pulumi.Output.from_input(self.usual_container_id).apply(
                lambda usual: _not_twice(account_id, usual)
            )
            needed.append(self._given_once("writes", access.may_write_blobs, account_id, where))
        return needed

    def _given_once(
        self, does: str, grant: access.Grant, at: str, scope: pulumi.Input[str]
    ) -> authorization.RoleAssignment:
        name = f"{self._name}-{does}-{_short(at)}"
        if name not in self._given:
            self._given[name] = grant(name, self._who, scope, self._opts)
        return self._given[name]


def _not_twice(account_id: str, usual_container_id: str) -> str:
    """The account, or of the usual one, which has the role already, just the usual container.

    Which account that is only Azure knows at first, so the grant can't be left out.
    """
    usual = storage_account(usual_container_id)
    return usual_container_id if account_id.lower() == usual.lower() else account_id


def _short(scope: str) -> str:
    """A scope's last name, and what tells it from others of that name."""
    digest = hashlib.sha256(scope.lower().encode()).hexdigest()
    return f"{scope.rsplit('/', 1)[-1].lower()}-{digest[:8]}"
