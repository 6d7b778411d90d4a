"""Who is refused is told of a role, or of the network where no role helps."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from batch_client.rights import MissingRoleError, Need, needing, telling

NEED = Need("invoke the endpoint", "Reader", "the workspace", "callers")


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (
            "This request is not authorized to perform this operation using this permission.",
            "Needed: Reader on the workspace. `callers` in the stack file gives it.",
        ),
        ("This request is not authorized to perform this operation.", "no role helps"),
        (
            "Access to workspace was denied based on workspace private link configuration.",
            "no role helps",
        ),
    ],
    ids=["role", "firewall", "private-workspace"],
)
def test_a_refusal_tells_of_a_role_unless_it_is_the_network_s(reason: str, advice: str) -> None:
    assert advice in str(NEED.refused(reason))


def test_a_firewall_is_known_by_its_code_where_the_answer_has_no_words() -> None:
    refusal = HttpResponseError("Operation returned an invalid status 'Forbidden'")
    refusal.status_code = 403
    refusal.error_code = "AuthorizationFailure"  # type: ignore[attr-defined] # as storage's client

    with pytest.raises(MissingRoleError, match="no role helps"), needing(NEED):
        raise refusal


def test_what_storage_no_longer_has_is_told_and_the_rest_is_looked_at() -> None:
    gone = ResourceNotFoundError("The specified container does not exist.")
    gone.status_code = 404
    untold: list[str] = []

    with telling(untold, "The dead letters"), needing(NEED):
        raise gone

    [told] = untold
    assert told.startswith("The dead letters could not be read.")
    assert told.endswith("The specified container does not exist.")
