"""Grants, and how they meet identities that Azure does not know yet."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from unittest import mock

import pulumi
import pytest

from components.azure.ordering import after
from components.event_grid.rules import EventRuleArgs, passing_refusals
from components.identity import access, propagation
from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment, bound, deploy

SCOPE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
NOWHERE = pulumi.ResourceOptions()


READER = (
    f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
)


def _granted(who: access.Principal) -> Deployment:
    return deploy(lambda: access.may_read_blobs("reads", who, SCOPE, NOWHERE))


def test_a_role_is_named_by_its_full_id_in_the_scopes_subscription() -> None:
    grant = _granted(access.Principal("p")).one("RoleAssignment").inputs
    assert grant["roleDefinitionId"] == READER


def test_a_grants_name_changes_with_what_it_grants_and_only_then() -> None:
    name = _granted(access.Principal("p")).one("RandomUuid").inputs
    assert name["keepers"] == {"principal": "p", "scope": SCOPE, "role": READER}


def test_who_starts_jobs_may_read_their_inputs_before() -> None:
    args = access.StartingJobsArgs(
        role_definition_id="/r", workspace_id=f"{GROUP}/w", input_scope=SCOPE
    )
    deployed = deploy(lambda: access.may_start_jobs("starts", access.Principal("p"), args, NOWHERE))
    assert "starts-reads-inputs" in deployed.everything_before("starts-invokes")


def test_a_value_that_waits_for_a_resource_depends_on_it() -> None:
    def program() -> None:
        grant = access.may_read_blobs("reads", access.Principal("p"), SCOPE, NOWHERE)
        access.may_read_blobs("after", access.Principal(after("q", grant)), SCOPE, NOWHERE)

    deployed = deploy(program)
    assert deployed.named("after").inputs["principalId"] == "q"
    assert "reads" in deployed.everything_before("after")


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        (["Code=PrincipalNotFound Message=…"], (True, [1])),
        (["Code=RoleDefinitionDoesNotExist Message=…"], (True, [1])),
        (["Code=RoleAssignmentExists"], (False, [])),
        (["Code=Conflict", "Code=PrincipalNotFound"], (False, [])),
    ],
    ids=["a new identity", "a new role", "any other failure", "the newest decides"],
)
def test_a_grant_is_tried_again_while_what_it_needs_is_new(
    errors: list[str], outcome: tuple[bool, list[float]]
) -> None:
    assert _ask(errors) == outcome


def test_an_id_that_somebody_wrote_down_is_not_waited_for() -> None:
    made, written = mock.Mock(), "00000000-0000-0000-0000-000000000001"
    assert access._late(access.Principal(written), written) == ()
    assert access._late(access.Principal(made), written) == ("PrincipalNotFound",)
    assert access._late(access.Principal(written), made) == ("RoleDefinitionDoesNotExist",)


EVENT_GRIDS = (
    'Code="ResourceDeploymentFailure" … "code": "Managed Identity Authorization Error", "message": '
    '"Managed Identity for … does not have permission to perform appropriate action on the '
    "destination resource. Managed identity for event subscription does not have authorization to "
    'deliver to the endpoint. Visit aka.ms/egmsivalidation for more details."'
)
HANDSHAKE = (
    'Code="Url validation" Message="Webhook validation handshake failed for https://l.example/. '
    'Http POST request failed with response code Unknown."'
)


def _rule(*, new: bool) -> EventRuleArgs:
    return {
        "name": "told",
        "event_types": [],
        "endpoint_type": "WebHook",
        "webhook_is_new": new,
        "max_delivery_attempts": 30,
        "time_to_live_minutes": 1440,
    }


@pytest.mark.parametrize(
    ("refusal", "new", "answer"),
    [
        pytest.param(EVENT_GRIDS, False, True, id="a role that Event Grid does not know yet"),
        pytest.param(HANDSHAKE, True, True, id="a workflow of a moment ago"),
        pytest.param(HANDSHAKE, False, False, id="a webhook of the team's own"),
        pytest.param(
            "LinkedAuthorizationFailed", True, False, id="a right that the deployer lacks"
        ),
    ],
)
def test_a_subscription_is_tried_again_while_what_it_needs_is_new(
    refusal: str, *, new: bool, answer: bool
) -> None:
    assert _ask([refusal], passing_refusals(_rule(new=new)))[0] is answer


def test_a_secret_is_tried_again_while_entra_writes_its_application() -> None:
    refusal = "ApplicationsClient: 400 with OData error: Directory_ConcurrencyViolation: retry"
    assert _ask([refusal], propagation.ENTRA_IS_BUSY)[0] is True


def test_attempts_end_after_fifteen_minutes(capsys: pytest.CaptureFixture[str]) -> None:
    *_, last = propagation.WAITS
    ends = []
    for refused in (len(propagation.WAITS), len(propagation.WAITS) + 1):
        outcome = _ask(["PrincipalNotFound"] * refused)
        ends.append((outcome, capsys.readouterr().err.partition(" If ")[0]))

    over = "warning: name (PrincipalNotFound) is still refused after 15 minutes."
    assert ends == [((True, [last]), ""), ((False, []), over)]
    assert sum(propagation.WAITS) == 900


def test_slow_attempts_end_after_fifteen_minutes_too() -> None:
    hook = _hook(propagation.NEW_WEBHOOK_NOT_READY)
    with mock.patch("components.identity.propagation.monotonic", side_effect=[1, 1, 602, 1203]):
        answers = [_told(hook, ["Url validation"] * refused)[0] for refused in (1, 2, 3)]

    assert answers == [True, True, False]


def test_what_is_waited_for_is_told_once_after_half_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = []
    for attempts in range(1, 10):
        _ask(["PrincipalNotFound"] * attempts)
        told.append("name (PrincipalNotFound) is refused so far" in capsys.readouterr().err)
    assert sum(propagation.WAITS[: told.index(True)]) == 30
    assert told.count(True) == 1


Hook = Callable[[pulumi.ErrorHookArgs], Coroutine[object, object, bool]]


def _ask(
    errors: list[str],
    refusals: tuple[str, ...] = ("PrincipalNotFound", "RoleDefinitionDoesNotExist"),
) -> tuple[bool, list[float]]:
    """What the error hook says to these errors, newest first, and how long it waited."""
    return _told(_hook(refusals), errors)


def _hook(refusals: tuple[str, ...]) -> Hook:
    [hook] = bound(lambda: propagation.retried("name", refusals)).on_error
    callback: Hook = hook.callback
    return callback


def _told(hook: Hook, errors: list[str]) -> tuple[bool, list[float]]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    failure = pulumi.ErrorHookArgs("urn", "", "name", "type", errors=errors)
    # The module's own name for it: other threads of the tests sleep by the real one.
    with mock.patch("components.identity.propagation.asyncio", SimpleNamespace(sleep=sleep)):
        return asyncio.run(hook(failure)), waited
