"""The client's command line in this process, with the shell of a stack."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from batch_client.caller import Caller
from batch_client.cli import main
from batch_client.environment import Environment
from batch_client.page.site import Site
from batch_client.progress import Progress
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import Entry, digits_in


def digits(told: Entry) -> list[tuple[str, int]]:
    """File and digit of each row of the first file that a command has fetched."""
    return digits_in(Path(told["files"][0]).read_text())


@contextmanager
def calling(deployed: Deployed) -> Iterator[Caller]:
    """The client's parts, with the shell's credential."""
    with deployed.shell(), Caller(Environment(deployed.outputs), Progress()) as caller:
        yield caller


def page_of(deployed: Deployed, path: str, **query: str) -> str:
    """What the client's page has at a path, for an operator."""
    with deployed.one_of("operators"), calling(deployed) as caller:
        answer = Site(caller, 24).answer(path, query)
    assert answer.status == 200, answer.body
    return answer.body.decode()


class Client:
    """``python -m batch_client`` with the shell of a stack, whose outputs are in a file.

    Args:
        deployed: the stack.
        folder: for that file.
        capsys: what is printed.

    Attributes:
        outputs: the file.
        said: what the last command said on standard error.
    """

    def __init__(
        self, deployed: Deployed, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._deployed = deployed
        self.outputs = folder / "outputs.json"
        self.know(**deployed.outputs)
        self._capsys = capsys
        self.said = ""

    def know(self, **outputs: Any) -> None:
        """Write these outputs into the file."""
        self.outputs.write_text(json.dumps(outputs))

    def __call__(self, command: str, *arguments: str, where: tuple[str, ...] = ()) -> Any:
        """The document that a command prints."""
        where = where or ("--outputs", str(self.outputs))
        with self._deployed.shell():
            code = main([*command.split(), *where, "--json", *arguments])
        printed = self._capsys.readouterr()
        self.said = printed.err
        document = json.loads(printed.out)
        assert document["exit"] == code
        return document

    def operator(self, command: str, *arguments: str) -> Any:
        """The same, by somebody with what the stack gives an operator and nothing else."""
        with self._deployed.one_of("operators"):
            return self(command, *arguments)

    def uploaded(self, file: Path, *arguments: str) -> str:
        """The URL of a file or folder that is uploaded."""
        (upload,) = self("upload", str(file), *arguments)["uploads"]
        return str(upload["url"])

    def invoked(self, place: str | Path, *arguments: str) -> str:
        """The name of a job that is started for a place."""
        return str(self("invoke", str(place), *arguments)["job"]["name"])

    def verify(self, *arguments: str) -> dict[str, str]:
        """What each step of `verify` finds, which comes to its end."""
        told = self("verify", "--timeout", "120", *arguments)
        assert told["exit"] == 0, told
        return {step["part"]: step["found"] for step in told["steps"]}
