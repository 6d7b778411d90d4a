"""The embedded Azure against what recordings of the real one say.

``facts/*.json`` holds facts alone: what was asked, and of the answer its status, headers, codes,
keys and those values that the service chose; each with its source and strength. A fact's
``differs`` lists where the answer here is another, with the reason; what is listed there and
differs no more is an error as well. ``access.json`` gives rights that others use: first, because
Azure takes minutes to know them. In ``open.json`` stands what nothing says, as it is answered
here, for a real subscription to contradict: `make conformance` asks the same there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure_tests.conftest import Running
from local_azure_tests.providers.conftest import native
from local_azure_tests.providers.engine import Engine
from local_azure_tests.recorded.asking import Asker, Caller
from local_azure_tests.recorded.judging import FACTS, disagreements, found
from local_azure_tests.recorded.world import World

__all__ = ["native"]


@pytest.fixture(scope="module")
def world(running: Running, native: Engine) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as shell:
        running.lead(shell)
        directory, secret = running.azure.directory, "the deployer's"
        end = datetime(2100, 1, 1, tzinfo=UTC)
        running.call(directory.add_secret, DEPLOYER.client_id, "questions", secret, end)
        owner = Caller(ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret))
        yield World(native, Asker(owner, SUBSCRIPTION_ID, TENANT_ID, "rec"), "rec")


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"])
def test_an_answer_is_as_recorded(world: World, fact: dict[str, Any]) -> None:
    differing = disagreements(world, fact, found(world, fact))
    listed = fact.get("differs", {})

    gone = {path: "listed, and differs no more" for path in listed if path not in differing}
    assert {path: why for path, why in differing.items() if path not in listed} | gone == {}
