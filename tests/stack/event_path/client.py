"""The client's command line in this process, with the shell of a stack."""

import json
from pathlib import Path
from typing import Any

import pytest

from batch_client.cli import main
from tests.stack.event_path.deployed import Deployed


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
        with self._deployed.signed_in(self._deployed.rights_of_operators.values()):
            return self(command, *arguments)

    def verify(self, *arguments: str) -> dict[str, str]:
        """What each step of `verify` finds, which comes to its end."""
        told = self("verify", "--timeout", "60", *arguments)
        assert told["exit"] == 0, told
        return {step["part"]: step["found"] for step in told["steps"]}
