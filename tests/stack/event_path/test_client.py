"""The caller's five steps on the deployed stack: deployed, uploaded, invoked, followed, fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from client.cli import main
from local_azure.environment import PROJECT

if TYPE_CHECKING:
    from tests.stack.event_path.deployed import Deployed

INPUTS = PROJECT / "samples" / "digits" / "inputs"
SEVEN = INPUTS / "digit-7.pgm"


class Client:
    """``python -m client`` in this process, with the shell of a stack.

    Args:
        deployed: the stack.
        outputs: a file with its outputs.
        capsys: what is printed.

    Attributes:
        outputs: as given.
        said: what the last command said on standard error.
    """

    def __init__(
        self, deployed: Deployed, outputs: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._deployed = deployed
        self.outputs = outputs
        self._capsys = capsys
        self.said = ""

    def __call__(self, command: str, *arguments: str, where: tuple[str, ...] = ()) -> Any:
        """The document that a command prints."""
        where = where or ("--outputs", str(self.outputs))
        with self._deployed.shell():
            code = main([command, *where, "--json", *arguments])
        printed = self._capsys.readouterr()
        self.said = printed.err
        document = json.loads(printed.out)
        assert document["exit"] == code
        return document


@pytest.fixture
def client(deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    """Knows the stack by its outputs."""
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(deployed.outputs))
    return Client(deployed, outputs, capsys)


def rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_score_is_all_steps_with_what_pulumi_knows_of_the_stack(
    client: Client, tmp_path: Path
) -> None:
    into = tmp_path / "predictions"

    told = client("score", str(SEVEN), "--into", str(into), where=("--stack", "dev"))

    assert told["job"]["status"] == "Completed"
    assert told["files"] == [str(into / "predictions.csv")]
    assert [row["digit"] for row in rows(told["files"][0])] == [7]


def test_the_steps_one_by_one(client: Client, tmp_path: Path) -> None:
    (uploaded,) = client("upload", str(INPUTS))["uploads"]
    job = client("invoke", uploaded["url"])["job"]["name"]
    followed = client("follow", job)
    fetched = client("download", job, "--into", str(tmp_path))

    assert (uploaded["type"], uploaded["files"]) == ("UriFolder", 10)
    assert followed["job"]["status"] == "Completed"
    assert sorted(row["digit"] for row in rows(fetched["files"][0])) == list(range(10))
