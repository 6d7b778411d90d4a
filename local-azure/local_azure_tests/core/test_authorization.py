"""One function decides who may do what; every rule of it, one case each."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from local_azure.control_plane.authorization.errors import (
    AuthorizationFailedError,
    RoleNotFoundError,
)
from local_azure.control_plane.authorization.model import Authorization
from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.state import State

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
ANN = Principal("a0000000-0000-4000-8000-000000000000", None, "User", "Ann")
GROUP = "/subscriptions/s/resourceGroups/rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/one"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/data"
READ_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "state.db", Fernet.generate_key())
    yield made
    made.close()


@pytest.fixture
def rights(state: State) -> Authorization:
    return Authorization(state)


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        *((each, True) for each in (CONTAINER, ACCOUNT, GROUP, GROUP.upper(), f"{ACCOUNT}/")),
        (CONTAINER[:-1], False),
        (f"{ACCOUNT}2", False),
        (f"{CONTAINER}/blobs/x", False),
    ],
)
def test_a_role_holds_on_its_scope_and_below_and_nowhere_else(
    rights: Authorization, scope: str, *, holds: bool
) -> None:
    rights.assign("one", ANN.object_id, READER, scope)
    assert rights.allows(ANN.object_id, READ_BLOB, CONTAINER, data=True) is holds


def test_actions_are_compared_without_case_and_whole(rights: Authorization) -> None:
    rights.define_role("11111111-1111-4111-8111-111111111111", Role("Custom", ("a/b/read",)))
    rights.assign("one", ANN.object_id, "11111111-1111-4111-8111-111111111111", GROUP)

    asked = ["A/B/READ", "a/b/reader", "x/a/b/read"]
    assert [rights.allows(ANN.object_id, each, GROUP) for each in asked] == [True, False, False]


READ = "Microsoft.Authorization/roleAssignments/read"
MAKE_ROLE = "Microsoft.Authorization/roleDefinitions/write"
GIVE_ROLE = "Microsoft.Authorization/roleAssignments/write"
RIGHTS = [READ, MAKE_ROLE, GIVE_ROLE]
ALLOWED = {
    "what a role withholds is not granted by its wildcard": ([CONTRIBUTOR], [READ]),
    "what one role withholds another may grant": ([CONTRIBUTOR, OWNER], RIGHTS),
    "an owner of everything has no right to data": ([OWNER], RIGHTS),
    "an administrator of access gives and makes roles": ([USER_ACCESS_ADMINISTRATOR], RIGHTS),
    "who gives roles does not always make them": ([RBAC_ADMINISTRATOR], [READ, GIVE_ROLE]),
}


@pytest.mark.parametrize(("roles", "allowed"), ALLOWED.values(), ids=ALLOWED)
def test_who_has_roles_may_do_what_they_grant_together(
    rights: Authorization, roles: list[str], allowed: list[str]
) -> None:
    for role in roles:
        rights.assign(role, ANN.object_id, role, GROUP)

    asked = {READ: False, MAKE_ROLE: False, GIVE_ROLE: False, READ_BLOB: True}
    may = [a for a, data in asked.items() if rights.allows(ANN.object_id, a, ACCOUNT, data=data)]
    assert may == allowed


def test_each_change_of_a_role_or_of_who_has_it_holds_at_once(rights: Authorization) -> None:
    own = "ffffffff-0000-4000-8000-000000000000"
    reader, nobody = Role("own", data_actions=(READ_BLOB,)), Role("own")
    changes: tuple[Callable[[], None], ...] = (
        lambda: rights.define_role(own, reader),
        lambda: rights.assign("one", ANN.object_id, own, GROUP),
        lambda: rights.define_role(own, nobody),
        lambda: rights.define_role(own, reader),
        lambda: rights.delete_role(own),
        lambda: rights.define_role(own, reader),
        lambda: rights.unassign("ONE"),
    )
    found = []
    for change in changes:
        change()
        found.append(rights.allows(ANN.object_id, READ_BLOB, ACCOUNT, data=True))

    assert found == [False, True, False, True, False, True, False]


def test_a_role_whose_assignment_was_undone_holds_no_more(
    rights: Authorization, state: State
) -> None:
    with suppress(RuntimeError), state.transaction():
        rights.assign("one", ANN.object_id, READER, ACCOUNT)
        assert rights.allows(ANN.object_id.upper(), READ_BLOB, ACCOUNT, data=True)
        raise RuntimeError

    assert not rights.allows(ANN.object_id, READ_BLOB, ACCOUNT, data=True)


def test_a_role_holds_once_its_assignment_is_known(state: State) -> None:
    known: set[str] = set()
    rights = Authorization(state, known.__contains__)
    rights.assign("one", ANN.object_id, READER, ACCOUNT)

    assert not rights.allows(ANN.object_id, READ_BLOB, ACCOUNT, data=True)
    known.add("one")
    assert rights.allows(ANN.object_id, READ_BLOB, ACCOUNT, data=True)


def test_a_refusal_names_principal_action_and_scope(rights: Authorization) -> None:
    with pytest.raises(AuthorizationFailedError) as refusal:
        rights.authorize(ANN, READ_BLOB, CONTAINER, data=True)
    assert str(refusal.value) == (
        f"The client 'Ann' with object id '{ANN.object_id}' does not have authorization to "
        f"perform action '{READ_BLOB}' over scope '{CONTAINER}' or the scope is invalid. If "
        "access was recently granted, please refresh your credentials."
    )


def test_a_role_that_does_not_exist_is_not_assigned(rights: Authorization) -> None:
    with pytest.raises(RoleNotFoundError, match="33333333"):
        rights.assign("one", ANN.object_id, "33333333-3333-4333-8333-333333333333", GROUP)
