"""One embedded Azure with rules for all five events, for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.clock import Clock
from local_azure.home import Home
from tests.local.conftest import Running
from tests.stack.workspace_events.told import HOST, Told, to_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "a/key+of=the==function"
RULES = [
    to_hook("completed", "RunCompleted"),
    to_hook(
        "failed",
        "RunStatusChanged",
        advanced_filters=[{"operator": "StringIn", "key": "data.runStatus", "values": ["failed"]}],
    ),
    to_hook("models", "ModelRegistered", subject_begins_with="models/digits:"),
    to_hook(
        "deployed",
        "ModelDeployed",
        destination={"kind": "azure_function", "url": f"https://{HOST}/deployed"},
    ),
    to_hook("drift", "DatasetDriftDetected"),
]


@pytest.fixture(scope="package")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The dev stack's own file with rules, brought up by the real engine."""
    running = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    stack = Told(running)
    stack.keep_secret("deployed", KEY)
    stack.apply({"workspace_events": RULES})
    yield stack
    running.stop()
