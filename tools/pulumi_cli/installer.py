"""The official installer, pinned, without what it does to a home directory.

It is given a home of its own, because without `--no-edit-path` (whose name has changed over the
years) it would add a line to the shell's profile.
"""

import os
import tempfile
import urllib.request
from pathlib import Path

from tools import progress
from tools.errors import SetupError
from tools.pulumi_cli import VERSION, on_path

URL = "https://get.pulumi.com"
CONNECT_SECONDS = 5
"""How long the installer may take to answer before the build is chosen."""


def install(into: Path) -> None:
    """Put the CLI and its language hosts into `into/bin`.

    Raises:
        SetupError: the installer can't be reached, or what it promised is not there.
    """
    with tempfile.TemporaryDirectory() as home:
        script = Path(home) / "install.sh"
        script.write_bytes(_fetch())
        progress.run(
            "Pulumi CLI: official installer",
            command(script, into),
            minutes=1,
            advice="The CLI is built instead.",
            environment=os.environ | {"HOME": home, "TMPDIR": home},
        )
    if on_path.find(str(into / "bin"))[0] is None:
        message = f"the official installer left no usable CLI {VERSION}."
        raise SetupError(message)


def command(script: Path, into: Path) -> list[str]:
    """Return how the fetched installer is called."""
    where = ["--install-root", str(into), "--no-edit-path"]
    return ["sh", str(script), "--version", VERSION, *where]


def _fetch() -> bytes:
    try:
        with urllib.request.urlopen(URL, timeout=CONNECT_SECONDS) as answer:
            script: bytes = answer.read()
    except OSError as error:
        message = f"the official installer can't be reached ({error})."
        raise SetupError(message) from error
    return script
