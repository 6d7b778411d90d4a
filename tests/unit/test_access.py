"""Grants, and how they meet identities that Azure does not know yet."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pulumi
import pytest

from components import access, propagation
from components.ordering import after
from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment, deploy

if TYPE_CHECKING:
    from collections.abc import Callable

SCOPE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
NOWHERE = pulumi.ResourceOptions()


def _granted(who: access.Principal) -> Deployment:
    return deploy(lambda: access.may_read_blobs("reads", who, SCOPE, NOWHERE))


def test_a_role_is_named_by_its_full_id_in_the_scopes_subscription() -> None:
    grant = _granted(access.Principal("p")).one("RoleAssignment").inputs
    assert grant["roleDefinitionId"] == (
        f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    )


def test_a_grants_name_changes_with_what_it_grants_and_only_then() -> None:
    name = _granted(access.Principal("p")).one("RandomUuid").inputs
    assert name["keepers"] == {
        "principal": "p",
        "scope": SCOPE,
        "role": (
            f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
        ),
    }


def test_a_principal_is_a_service_principal_unless_told_otherwise() -> None:
    service = _granted(access.Principal("p")).one("RoleAssignment").inputs
    group = _granted(access.Principal("p", "Group")).one("RoleAssignment").inputs
    assert service["principalType"] == "ServicePrincipal"
    assert group["principalType"] == "Group"


def test_a_value_that_waits_for_a_resource_depends_on_it() -> None:
    def program() -> None:
        grant = access.may_read_blobs("reads", access.Principal("p"), SCOPE, NOWHERE)
        access.may_read_blobs("after", access.Principal(after("q", grant)), SCOPE, NOWHERE)

    deployed = deploy(program)
    assert deployed.named("after").inputs["principalId"] == "q"
    assert "reads" in deployed.everything_before("after")


@pytest.mark.parametrize("code", ["PrincipalNotFound", "RoleDefinitionDoesNotExist"])
def test_a_grant_to_an_identity_of_a_moment_ago_is_tried_again(code: str) -> None:
    again, waited = _ask([f"Code={code} Message=…"])
    assert again is True
    assert waited == [1]


def test_any_other_failure_is_final_at_once() -> None:
    again, waited = _ask(["Code=RoleAssignmentExists"])
    assert again is False
    assert waited == []


def test_the_newest_failure_decides() -> None:
    again, _ = _ask(["Code=Conflict", "Code=PrincipalNotFound"])
    assert again is False


def test_attempts_end_after_two_minutes() -> None:
    last, _ = _ask(["PrincipalNotFound"] * 8)
    over, waited = _ask(["PrincipalNotFound"] * 9)
    assert last is True
    assert over is False
    assert waited == []
    assert sum(propagation.WAITS) == 120


def _ask(errors: list[str]) -> tuple[bool, list[float]]:
    """What the error hook says to these errors, newest first, and how long it waited."""
    waited: list[float] = []
    hooks: list[Callable[[pulumi.ErrorHookArgs], Any]] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    def program() -> None:
        binding = propagation.retried("name", propagation.NOT_FOUND_YET)
        hooks.extend(hook.callback for hook in binding.on_error or [])

    deploy(program)
    failure = pulumi.ErrorHookArgs("urn", "", "name", "type", errors=errors)
    # The module's own name for it: other threads of the tests sleep by the real one.
    with mock.patch("components.propagation.asyncio", SimpleNamespace(sleep=sleep)):
        answer: bool = asyncio.run(hooks[0](failure))
    return answer, waited
