"""Who may upload."""

import pulumi

from components.identity.publishers import Publishers
from tests.unit.azure import GROUP
from tests.unit.engine import deploy

CONTAINER = (
    f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stml/blobServices/default/containers/c"
)


def _program() -> None:
    publishers = Publishers(
        "publishers",
        {
            "publishers": [
                {"object_id": "someone", "type": "User"},
                {"object_id": "pipeline", "type": "ServicePrincipal"},
            ],
            "artifacts_url": "https://stml.blob.core.windows.net/c",
            "artifacts_container_id": CONTAINER,
        },
    )
    pulumi.export("url", publishers.artifacts_url)


def test_every_publisher_may_write_to_the_container_alone() -> None:
    deployed = deploy(_program)
    grants = {grant.inputs["principalId"]: grant.inputs for grant in deployed.all("RoleAssignment")}
    assert {who: told["principalType"] for who, told in grants.items()} == {
        "someone": "User",
        "pipeline": "ServicePrincipal",
    }
    assert {told["scope"] for told in grants.values()} == {CONTAINER}
    assert all(
        told["roleDefinitionId"].endswith("ba92f5b4-2d11-453d-a403-e96b0029c9fe")
        for told in grants.values()
    )


def test_the_place_is_known_once_they_may() -> None:
    assert deploy(_program).exports["url"] == "https://stml.blob.core.windows.net/c"
