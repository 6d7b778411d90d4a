"""A stack of a module's own, for those whose tests change it."""

from collections.abc import Iterator

import pytest

from tests.stack.event_path.deployed import Deployed, on_its_own


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file, up."""
    with on_its_own(tmp_path_factory.mktemp("azure")) as deployed:
        deployed.up()
        yield deployed
