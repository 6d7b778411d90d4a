"""A stack in somebody's resource group that is told to be in another region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.core.rest_client import Client as Resources
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_lifecycle import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

GROUP = f"{SUBSCRIPTION}/resourceGroups/theirs"
SIGNS_IN = {"enabled": True, "authentication": "service_principal"}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Deployed]:
    """One with vaults, a factory and what tells, up in its first region."""
    with on_its_own(tmp_path / "azure") as deployed:
        Resources(deployed.running).ask(GROUP, "2024-03-01", "PUT", {"location": "westeurope"})
        deployed.configure({"resource_group": {"existing": "theirs"}})
        deployed.configure({"monitoring": TOLD, "data_factory": SIGNS_IN})
        deployed.up()
        yield deployed


def test_everything_is_made_anew_there_and_the_flow_goes_on(stack: Deployed, digit: bytes) -> None:
    stack.configure({"location": "northeurope"})
    stack.up()
    (job,) = stack.await_jobs(stack.drop("incoming/moved.pgm", content=digit))
    assert job["status"] == "Completed"
