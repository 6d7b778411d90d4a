"""Client secrets rotate while hundreds of files land, as a test with fewer of them has it."""

import os

import pytest

from tests.stack.event_path.deployed import on_its_own
from tests.stack.event_path.test_rotation import rotates_under_traffic
from tests.stack.shell import sample

FILES = int(os.environ.get("ROTATION_FILES", "500"))


def test_three_rotations_lose_no_file_of_hundreds(tmp_path_factory: pytest.TempPathFactory) -> None:
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.up()
        rotates_under_traffic(stack, sample(7), FILES)
