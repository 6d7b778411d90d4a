"""The client as a wheel, away from this repository: a caller scores a file with it."""

import json
import shutil
from pathlib import Path

import pytest

from batch_client import __version__
from tests import PROJECT
from tests.commands import printed
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import SEVEN
from tests.wheels import installed_wheel

pytestmark = pytest.mark.long

PARTS = ("batch_client", "docs/callers.md", "LICENSE", "pyproject.toml")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is installed; what it depends on is this environment's."""
    return installed_wheel(PROJECT, tmp_path_factory.mktemp("client"), PARTS)


def ask(site: Path, folder: Path, *arguments: str, **variables: str) -> str:
    command = [site / "bin" / "batch-events", *arguments]
    return printed(command, {**variables, "PYTHONPATH": str(site)}, folder=folder)


def test_nothing_but_the_client_is_installed(site: Path) -> None:
    found = {path.name for path in site.iterdir()} - {"bin"}

    assert found == {"batch_client", f"azureml_batch_events-{__version__}.dist-info"}
    assert {path.suffix for path in (site / "batch_client" / "page").glob("page.*")} == {
        ".css",
        ".js",
    }
    assert ask(site, site, "--version") == f"batch-events {__version__}\n"


def test_a_caller_without_a_checkout_scores_a_file_and_verifies(
    deployed: Deployed, site: Path, tmp_path: Path
) -> None:
    (tmp_path / "outputs.json").write_text(json.dumps(deployed.outputs))
    shutil.copy(SEVEN, tmp_path / "seven.pgm")
    shown = ("--outputs", "outputs.json", "--json")

    told = json.loads(
        ask(site, tmp_path, "score", "seven.pgm", "--into", "here", *shown, **deployed.variables)
    )
    proved = json.loads(
        ask(site, tmp_path, "verify", "--timeout", "60", *shown, **deployed.variables)
    )

    assert told["files"] == ["here/predictions.csv"]
    assert json.loads((tmp_path / "here" / "predictions.csv").read_text())["digit"] == 7
    assert proved["steps"][-1]["found"] == "nothing is left"
