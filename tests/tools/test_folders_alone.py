"""What `make` runs by itself is collected by itself, not only beside all other tests."""

import sys

import pytest

from tests.commands import printed


@pytest.mark.long
@pytest.mark.parametrize(
    "folder", ["tests/azure_clients", "tests/browser", "tests/soak", "tests/conformance"]
)
def test_a_folder_of_tests_is_collected_alone(folder: str) -> None:
    assert printed(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", folder]
    )
