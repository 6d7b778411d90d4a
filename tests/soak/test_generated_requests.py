"""Generated requests of seed after seed: no service breaks, and each goes on."""

import os
import time

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import Running
from local_azure_tests.hostile import world
from local_azure_tests.hostile.test_generated import EACH, SEED, broken, dead, exchanged
from local_azure_tests.hostile.wire import Wire
from tests.soak.figures import tell

MINUTES = float(os.environ.get("HOSTILE_MINUTES", "3"))


def test_no_request_of_any_seed_breaks_a_service(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    wire, seed, count = Wire(server.azure.ports.now), SEED, 0
    errors: list[object] = []
    gone: list[object] = []
    try:
        world.build(server)
        families, deadline = len(world.families(server)), time.monotonic() + MINUTES * 60
        while time.monotonic() < deadline and not gone:
            exchanges = list(exchanged(server, wire, seed, EACH))
            seed, count = seed + 1, count + len(exchanges)
            errors += broken(exchanges)
            gone += dead(server, wire)
    finally:
        wire.close()
        server.stop()
    survivors = f"{families - len(gone)} of {families}"
    tell(seeds=seed - SEED, requests=count, errors=len(errors), survivors=survivors)
    assert (errors, gone) == ([], [])
