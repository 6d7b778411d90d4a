"""Client secrets rotate while hundreds of files land, as a test with fewer of them has it."""

import os

import pytest

from tests import PROJECT
from tests.stack.event_path.deployed import on_its_own
from tests.stack.event_path.test_rotation import rotates_under_traffic

FILES = int(os.environ.get("ROTATION_FILES", "500"))


def test_three_rotations_lose_no_file_of_hundreds(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    digit = (PROJECT / "samples" / "digits" / "inputs" / "digit-7.pgm").read_bytes()
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.up()
        rotates_under_traffic(stack, digit, FILES)
