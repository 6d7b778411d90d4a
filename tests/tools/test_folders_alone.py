"""What `make` runs by itself is collected by itself, not only beside all other tests."""

import subprocess
import sys

import pytest

from tests import PROJECT


@pytest.mark.parametrize(
    "folder", ["tests/azure_clients", "tests/browser", "tests/soak", "tests/conformance"]
)
def test_a_folder_of_tests_is_collected_alone(folder: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", folder],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
