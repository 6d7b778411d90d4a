"""A stack in somebody's resource group that is told to be in another region."""

from typing import Any

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.core.rest_client import Client as Resources
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.event_path.test_lifecycle import TOLD

pytestmark = pytest.mark.long

GROUP = f"{SUBSCRIPTION}/resourceGroups/theirs"
SIGNS_IN = {"enabled": True, "authentication": "service_principal"}


def theirs(stack: Deployed) -> dict[str, Any]:
    """The group, in the first region."""
    Resources(stack.running).ask(GROUP, "2024-03-01", "PUT", {"location": "westeurope"})
    return {"resource_group": {"existing": "theirs"}}


stack = brought_up(before=theirs, monitoring=TOLD, data_factory=SIGNS_IN)
"""One with vaults, a factory and what tells."""


def test_everything_is_made_anew_there_and_the_flow_goes_on(stack: Deployed, digit: bytes) -> None:
    stack.configure({"location": "northeurope"})
    stack.up()

    assert stack.job_of("incoming/moved.pgm", digit)["status"] == "Completed"
