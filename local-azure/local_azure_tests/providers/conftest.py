"""The providers of one embedded Azure, and what an event passes through there."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Engine
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.storage import world


def _used_by_the_deployer(provider: str) -> Any:
    @pytest.fixture(scope="module")
    def used(running: Running) -> Iterator[Engine]:
        engine = Engine(running.azure.ports.now[provider])
        yield engine
        engine.channel.close()

    return used


native = _used_by_the_deployer("azure-native")
azuread = _used_by_the_deployer("azuread")
random = _used_by_the_deployer("random")


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    """A webhook that answers as it is told."""
    made: world.Hook = running.call(world.Hook, running.azure)
    return made


@pytest.fixture(scope="module")
def path(native: Engine) -> EventPath:
    """Each resource is made when it is first asked for."""
    return EventPath(native, "path")
