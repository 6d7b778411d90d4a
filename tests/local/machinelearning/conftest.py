from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.machinelearning.world import World

if TYPE_CHECKING:
    from tests.local.conftest import Running


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    return World(running)
