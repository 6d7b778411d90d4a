"""What a request of Resource Manager's asks for, as the page of clients tells it."""

import pytest

from tests.azure_clients.inventory import asked

GROUP = "/subscriptions/s/resourceGroups/g"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("PUT", ACCOUNT, ("Microsoft.Storage/storageAccounts", "create")),
        (
            "GET",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts",
            ("Microsoft.Storage/storageAccounts", "list"),
        ),
        ("POST", f"{ACCOUNT}/listKeys", ("Microsoft.Storage/storageAccounts", "listKeys")),
        (
            "GET",
            f"{ACCOUNT}/blobServices/default/containers/c",
            ("Microsoft.Storage/storageAccounts/blobServices/containers", "read"),
        ),
        (
            "DELETE",
            f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/r",
            ("Microsoft.Authorization/roleAssignments", "delete"),
        ),
        ("HEAD", GROUP, ("Microsoft.Resources/resourceGroups", "exists")),
        ("GET", "/subscriptions/s/resourcegroups", ("Microsoft.Resources/resourceGroups", "list")),
        ("GET", "/subscriptions", None),
        ("GET", "/subscriptions/s/providers", None),
    ],
)
def test_a_request_asks_for_a_type_by_a_verb(
    method: str, path: str, expected: tuple[str, str] | None
) -> None:
    assert asked(method, path) == expected
