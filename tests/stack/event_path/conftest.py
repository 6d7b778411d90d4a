"""One embedded Azure with the dev stack on it, for all tests of the event path."""

from collections.abc import Iterator

import pytest

from tests.stack.event_path.deployed import Deployed, on_its_own


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file, brought up by the real engine."""
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.up(cold=True)
        yield stack
