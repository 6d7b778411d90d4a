from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure_tests.machinelearning.world import World

if TYPE_CHECKING:
    from local_azure_tests.conftest import Running


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    return World(running)
